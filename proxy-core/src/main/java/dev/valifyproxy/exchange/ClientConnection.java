package dev.valifyproxy.exchange;

import dev.valifyproxy.worker.Deadline;
import dev.valifyproxy.worker.ReadControl;
import dev.valifyproxy.worker.Worker;
import io.netty.channel.ChannelHandlerContext;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the calls of one client channel share, one after the other. Its deadlines are made once and set anew by each call, so that no call
 * leaves one behind in the wheel. Confined to the channel's event loop.
 */
final class ClientConnection {

    private final Worker worker;
    private final ChannelHandlerContext context;
    private final ReadControl reading;
    private final Deadline answer;
    private final Deadline total;
    private final Deadline interim;
    private @Nullable Call current;
    private @Nullable ClientAddress address;

    ClientConnection(Worker worker, ChannelHandlerContext context) {
        this.worker = worker;
        this.context = context;
        this.reading = ReadControl.of(context.channel());
        this.answer = worker.deadlines().create(() -> forwarded(Exchange::answerTimedOut));
        this.total = worker.deadlines().create(() -> forwarded(Exchange::totalTimedOut));
        this.interim = worker.deadlines().create(() -> forwarded(Exchange::continueTimedOut));
    }

    private void forwarded(Consumer<Exchange> event) {
        if (current instanceof Exchange exchange) {
            event.accept(exchange);
        }
    }

    void begin(Call call) {
        current = call;
    }

    @Nullable
    Call current() {
        return current;
    }

    void callEnded(Call call) {
        answer.clear();
        total.clear();
        interim.clear();
        reading.resume(ReadControl.BACK_PRESSURE);
        if (current == call) {
            current = null;
        }
    }

    /** The channel has ended, and with it the call that was on. */
    void closed() {
        answer.cancel();
        total.cancel();
        interim.cancel();
    }

    Worker worker() {
        return worker;
    }

    ChannelHandlerContext context() {
        return context;
    }

    ReadControl reading() {
        return reading;
    }

    /** The upstream's time to go on: to read, to begin its answer, to continue it. */
    Deadline answer() {
        return answer;
    }

    /** The whole call's time. */
    Deadline total() {
        return total;
    }

    /** The time after which a client that waits for a 100 gets ours. */
    Deadline interim() {
        return interim;
    }

    /** Where the client is; made out once, when it is first asked for. */
    ClientAddress address() {
        ClientAddress known = address;
        if (known == null) {
            known = ClientAddress.of(context.channel().remoteAddress());
            address = known;
        }
        return known;
    }

    long now() {
        return worker.deadlines().now();
    }
}
