package dev.valifyproxy.worker;

import io.netty.channel.IoEvent;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import io.netty.util.concurrent.ThreadAwareExecutor;

/**
 * Netty's epoll without two faults of its version 4.2.18 that cost calls. It stands between the event loop and {@link EpollIoHandler}, and
 * between that and each channel. Confined to its event loop.
 *
 * <p><b>An event of another socket.</b> Events are told by descriptor. When one event of a batch has a socket closed and another one opened,
 * which gets the same descriptor, an event of the old one later in the batch is told to the new one: if that is still to be connected, it
 * is read, and fails. So a channel is told nothing before the batch in which it was registered is over. It loses nothing: that batch was
 * fetched before it was there, and the kernel, being asked by level, tells again what is still so.
 *
 * <p><b>No interest left.</b> Once the end of the peer's side has been told, it is not asked for again; nor are bytes, if the channel is not
 * being read or that end has been read. Of a channel that is asked for nothing, {@link EpollIoHandler} takes the descriptor off epoll, but
 * not its own word that it is there, so that the next interest fails with ENOENT and costs the channel: when an answer does not go out in
 * one write, or reading is resumed. So then it is registered anew. Leaving it on epoll with a mask of errors would not do: a
 * socket whose both sides have ended wakes its loop again and again, whatever it is asked for.
 */
final class MendedEpoll implements IoHandler {

    private final IoHandler epoll;

    /** Counts when a batch begins and when it is over: odd in between. */
    private long turn;

    private MendedEpoll(IoHandler epoll) {
        this.epoll = epoll;
    }

    static IoHandlerFactory newFactory() {
        IoHandlerFactory factory = EpollIoHandler.newFactory();
        return new IoHandlerFactory() {
            @Override
            public IoHandler newHandler(ThreadAwareExecutor executor) {
                return new MendedEpoll(factory.newHandler(executor));
            }

            @Override
            public boolean isChangingThreadSupported() {
                return factory.isChangingThreadSupported();
            }
        };
    }

    @Override
    public void initialize() {
        epoll.initialize();
    }

    @Override
    public int run(IoHandlerContext context) {
        turn++;
        try {
            return epoll.run(context);
        } finally {
            turn++;
        }
    }

    @Override
    public IoRegistration register(IoHandle handle) throws Exception {
        Registration registration = new Registration((EpollIoHandle) handle, turn);
        registration.add();
        return registration;
    }

    @Override
    public boolean isCompatible(Class<? extends IoHandle> handleType) {
        return epoll.isCompatible(handleType);
    }

    @Override
    public void wakeup() {
        epoll.wakeup();
    }

    @Override
    public void prepareToDestroy() {
        epoll.prepareToDestroy();
    }

    @Override
    public void destroy() {
        epoll.destroy();
    }

    /** To the channel its registration, to epoll the channel. */
    @SuppressWarnings({"try", "TypeParameterUnusedInFormals"}) // as Netty's interfaces have it
    private final class Registration implements IoRegistration, EpollIoHandle {

        private final EpollIoHandle handle;
        private final long registeredAt;

        /** Set by add, before anything else is called. */
        @SuppressWarnings("NullAway.Init")
        private IoRegistration onEpoll;

        private boolean uninterested;
        private boolean isReplacing;

        Registration(EpollIoHandle handle, long registeredAt) {
            this.handle = handle;
            this.registeredAt = registeredAt;
        }

        void add() throws Exception {
            onEpoll = epoll.register(this);
        }

        @Override
        public void handle(IoRegistration told, IoEvent event) {
            if (registeredAt != turn) {
                handle.handle(this, event);
            }
        }

        @Override
        public long submit(IoOps interest) {
            if (uninterested && isValid()) {
                replace();
            }
            uninterested = interest.equals(EpollIoOps.NONE);
            return onEpoll.submit(interest);
        }

        private void replace() {
            isReplacing = true;
            try {
                onEpoll.cancel();
                add();
            } catch (Exception e) {
                throw new IllegalStateException("epoll does not take back a socket that it had", e);
            } finally {
                isReplacing = false;
            }
        }

        @Override
        public boolean isValid() {
            return onEpoll.isValid();
        }

        @Override
        public boolean cancel() {
            return onEpoll.cancel();
        }

        @Override
        public <T> T attachment() {
            return onEpoll.attachment();
        }

        @Override
        public void registered() {
            if (!isReplacing) {
                handle.registered();
            }
        }

        @Override
        public void unregistered() {
            if (!isReplacing) {
                handle.unregistered();
            }
        }

        @Override
        public FileDescriptor fd() {
            return handle.fd();
        }

        @Override
        public void close() throws Exception {
            handle.close();
        }
    }
}
