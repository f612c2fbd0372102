package dev.valifyproxy.worker;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;

/** Whether a channel is read: it is while nobody has a reason against it. Confined to the channel's event loop. */
public final class ReadControl {

    /** Too many requests are held back. */
    public static final int QUEUE_FULL = 1;
    /** The other side takes no more at present, or what may be kept is kept. */
    public static final int BACK_PRESSURE = 1 << 1;

    private static final AttributeKey<ReadControl> KEY = AttributeKey.valueOf(ReadControl.class, "of");

    private final Channel channel;
    private int reasons;
    private Runnable whenPaused = () -> {};

    private ReadControl(Channel channel) {
        this.channel = channel;
    }

    /** The one control of this channel. A handler looks it up once. */
    public static ReadControl of(Channel channel) {
        ReadControl known = channel.attr(KEY).get();
        if (known == null) {
            known = new ReadControl(channel);
            channel.attr(KEY).set(known);
        }
        return known;
    }

    /** Runs this whenever the channel ceases to be read. That it is read again the pipeline tells, by {@code read}. */
    public void whenPaused(Runnable action) {
        whenPaused = action;
    }

    /** Adds a reason not to read. */
    public void pause(int reason) {
        boolean wasReading = isReading();
        reasons |= reason;
        if (wasReading) {
            channel.config().setAutoRead(false);
            whenPaused.run();
        }
    }

    /** Takes a reason back. */
    public void resume(int reason) {
        if (reasons != 0) {
            reasons &= ~reason;
            if (reasons == 0) {
                channel.config().setAutoRead(true);
            }
        }
    }

    /** Reads on whatever the reasons, since what comes is dropped. */
    public void drop() {
        reasons = 0;
        channel.config().setAutoRead(true);
    }

    /** Whether the channel is being read. */
    public boolean isReading() {
        return reasons == 0;
    }
}
