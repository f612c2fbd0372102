package dev.valifyproxy.upstream;

import dev.valifyproxy.http.Failure;
import io.netty.channel.Channel;

/** What asks for a connection is told: one of the two, once, on the pool's event loop, perhaps from within the asking. */
public interface ConnectionReceiver {

    /**
     * A channel good for one exchange. It finds its way back by itself once the exchange is over; who gives up on it closes it.
     *
     * @param reused whether it has served an exchange before, so that the upstream may have closed it at this very moment
     */
    void connected(Channel channel, boolean reused);

    /** There is none. */
    void failed(Failure failure);
}
