package dev.valifyproxy.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** What epoll tells a channel, and whether it goes on telling it. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class MendedEpollTest {

    private static final int LARGE = 8 << 20;

    private EventLoopGroup loop;
    private ServerSocket server;
    private final Reader reader = new Reader();
    private Socket peer;

    @BeforeEach
    void start() throws IOException {
        assumeTrue(Transport.EPOLL.isAvailable());
        loop = new MultiThreadIoEventLoopGroup(1, Transport.EPOLL.ioHandler());
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void stop() throws IOException {
        if (loop != null) {
            stopLoop();
            server.close();
        }
        if (peer != null) {
            peer.close();
        }
    }

    /** Without a quiet period, a loop may end before it closes its channels. */
    private void stopLoop() {
        loop.shutdownGracefully(100, 5_000, TimeUnit.MILLISECONDS).syncUninterruptibly();
    }

    private Bootstrap bootstrap(ChannelInboundHandlerAdapter handler) {
        return new Bootstrap()
                .group(loop)
                .channel(Transport.EPOLL.socket())
                .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .handler(handler)
                .remoteAddress(server.getLocalSocketAddress());
    }

    /** Notes what it is told: numbers of bytes, events, exceptions, the end. */
    private static final class Reader extends SimpleChannelInboundHandler<ByteBuf> {

        final BlockingQueue<Object> told = new LinkedBlockingQueue<>();

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, ByteBuf bytes) {
            told.add(bytes.readableBytes());
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            told.add(event);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            told.add(cause);
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            told.add("inactive");
        }
    }

    /** A channel whose peer has sent a byte and ended while nobody read: all of that has been told. */
    private Channel endedWhilePaused() throws Exception {
        Channel channel = bootstrap(reader)
                .option(ChannelOption.AUTO_READ, false)
                .connect()
                .sync()
                .channel();
        peer = server.accept();
        peer.getOutputStream().write(1);
        peer.shutdownOutput();
        assertThat(reader.told.take()).isEqualTo(1);
        assertThat(reader.told.take()).isEqualTo(ChannelInputShutdownEvent.INSTANCE);
        turnLoop();
        reader.told.clear();
        return channel;
    }

    /** What was under way on the loop is done then. */
    private void turnLoop() throws InterruptedException {
        loop.submit(() -> {}).sync();
    }

    @Test
    void a_channel_whose_peer_has_ended_while_it_was_not_read_can_be_read_on() throws Exception {
        Channel channel = endedWhilePaused();

        channel.config().setAutoRead(true);
        turnLoop();

        assertThat(channel.isActive()).isTrue();
        assertThat(reader.told).isEmpty();
    }

    @Test
    void a_channel_whose_peer_has_ended_while_it_was_not_read_can_be_written_on_more_than_once() throws Exception {
        Channel channel = endedWhilePaused();

        for (int i = 0; i < 2; i++) {
            ChannelFuture written = channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[LARGE]));
            assertThat(peer.getInputStream().readNBytes(LARGE).length).isEqualTo(LARGE);
            assertThat(written.await().isSuccess()).isTrue();
        }

        assertThat(reader.told).isEmpty();
    }

    @Test
    void a_channel_that_is_asked_for_nothing_is_closed_with_its_loop() throws Exception {
        Channel channel = endedWhilePaused();

        stopLoop();

        assertThat(channel.isOpen()).isFalse();
    }

    /** Of two channels with an event in one batch, the first one's closes the second and connects a third, which gets its descriptor. */
    @Test
    void a_connection_is_not_told_the_event_of_another_that_had_its_descriptor() throws Exception {
        Channel second = bootstrap(new Reader()).register().sync().channel();
        int descriptor = ((EpollSocketChannel) second).fd().intValue();
        CompletableFuture<ChannelFuture> third = new CompletableFuture<>();
        bootstrap(new SimpleChannelInboundHandler<ByteBuf>() {
                    @Override
                    protected void channelRead0(ChannelHandlerContext ctx, ByteBuf bytes) {
                        second.close();
                        third.complete(bootstrap(reader).connect());
                    }
                })
                .connect()
                .sync();
        try (Socket firstPeer = server.accept()) {
            second.connect(server.getLocalSocketAddress()).sync();
            peer = server.accept();
            CountDownLatch held = new CountDownLatch(1);
            CountDownLatch bothHaveEvents = new CountDownLatch(1);
            loop.execute(() -> {
                held.countDown();
                awaitUnchecked(bothHaveEvents);
            });
            held.await();
            firstPeer.getOutputStream().write(1);
            peer.getOutputStream().write(1);

            bothHaveEvents.countDown();

            ChannelFuture connected = third.get().await();
            assumeTrue(((EpollSocketChannel) connected.channel()).fd().intValue() == descriptor);
            assertThat(connected.cause()).isNull();
            assertThat(reader.told).isEmpty();
        }
    }

    private static void awaitUnchecked(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
