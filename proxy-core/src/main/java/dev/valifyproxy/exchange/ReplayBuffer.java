package dev.valifyproxy.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpContent;
import java.util.ArrayDeque;
import java.util.Iterator;

/**
 * A request's body as received: what is still to be sent, and, as long as the call may be sent again, what has been. Owns the contents
 * in it. What it keeps is charged by the memory that the buffers pin, not by the bytes they show: a one-byte slice holds the whole
 * buffer that its read filled. Confined to the call's event loop.
 */
final class ReplayBuffer {

    private final ReplayMemory memory;
    private final long maxBytes;
    private final ArrayDeque<HttpContent> unsent = new ArrayDeque<>(2);
    private final ArrayDeque<HttpContent> sent = new ArrayDeque<>(2);
    private long charged;
    private long received;
    private boolean keeping = true;
    private boolean whole = true;

    ReplayBuffer(ReplayMemory memory, long maxBytes) {
        this.memory = memory;
        this.maxBytes = maxBytes;
    }

    /** Takes a content over. */
    void add(HttpContent content) {
        unsent.add(content);
        received += content.content().readableBytes();
        if (keeping) {
            charge(content);
        }
    }

    private void charge(HttpContent content) {
        long pinned = pinned(content.content());
        if (received <= maxBytes && memory.tryTake(pinned)) {
            charged += pinned;
        } else {
            stopKeeping();
        }
    }

    private static long pinned(ByteBuf content) {
        if (!content.isReadable()) {
            return 0;
        }
        ByteBuf root = content;
        for (ByteBuf parent = root.unwrap(); parent != null; parent = parent.unwrap()) {
            root = parent;
        }
        return Math.max(root.capacity(), content.capacity());
    }

    /** The next content to send, the caller's from now on; only if {@link #hasUnsent()}. */
    HttpContent next() {
        HttpContent content = unsent.remove();
        if (!keeping) {
            whole = false;
            return content;
        }
        sent.add(content);
        // Sending moves a buffer's reader index; what is kept stays as it is.
        return content.content().isReadable()
                ? content.replace(content.content().retainedDuplicate())
                : content.retain();
    }

    boolean hasUnsent() {
        return !unsent.isEmpty();
    }

    /** Whether more may be received before any of it is sent. */
    boolean mayHoldMore() {
        return unsent.isEmpty() || keeping;
    }

    /** Whether the whole body, as far as received, is still here. */
    boolean isReplayable() {
        return whole;
    }

    /** Begins anew: all of it is to be sent. Only while {@link #isReplayable()}. */
    void rewind() {
        for (Iterator<HttpContent> backwards = sent.descendingIterator(); backwards.hasNext(); ) {
            unsent.addFirst(backwards.next());
        }
        sent.clear();
    }

    /** The call will not be sent again: lets go of what has been sent, and from now on of what is sent. */
    void stopKeeping() {
        keeping = false;
        whole &= sent.isEmpty();
        sent.forEach(HttpContent::release);
        sent.clear();
        memory.giveBack(charged);
        charged = 0;
    }

    /** Lets go of everything. */
    void release() {
        stopKeeping();
        unsent.forEach(HttpContent::release);
        unsent.clear();
    }
}
