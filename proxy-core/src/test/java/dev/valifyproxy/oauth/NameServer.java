package dev.valifyproxy.oauth;

import io.netty.resolver.dns.DnsServerAddressStreamProvider;
import io.netty.resolver.dns.SingletonDnsServerAddressStreamProvider;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;

/** A name server that knows no name: it answers each query with itself, marked as NXDOMAIN (RFC 1035 §4.1.1). */
final class NameServer implements AutoCloseable {

    private final DatagramSocket socket;
    private final AtomicInteger queries = new AtomicInteger();

    NameServer() throws IOException {
        socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(this::answer, "name-server");
        thread.setDaemon(true);
        thread.start();
    }

    DnsServerAddressStreamProvider provider() {
        return new SingletonDnsServerAddressStreamProvider((InetSocketAddress) socket.getLocalSocketAddress());
    }

    int queries() {
        return queries.get();
    }

    private void answer() {
        try {
            while (true) {
                DatagramPacket packet = new DatagramPacket(new byte[512], 512);
                socket.receive(packet);
                queries.incrementAndGet();
                packet.getData()[2] |= (byte) 0x80; // a response
                packet.getData()[3] = (byte) 0x83; // recursion available, no such name
                socket.send(packet);
            }
        } catch (IOException closed) {
            // the test is over
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
