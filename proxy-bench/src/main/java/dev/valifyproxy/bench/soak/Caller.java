package dev.valifyproxy.bench.soak;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * One client: keeps one connection busy, makes another when that one has ended, and enters in the book how each of its calls ended. One
 * thread runs it; {@link #openSince} and {@link #giveUp} are for another that watches.
 */
final class Caller implements Runnable {

    private static final int LEAST_SLOW_UPLOAD = 16 * 1024;
    private static final int LEAST_UPLOAD = 256 * 1024;
    private static final int MOST_UPLOAD = 8 * 1024 * 1024;
    private static final int SMALL_RECEIVE_BUFFER = 16 * 1024;
    private static final Duration READ_PAUSE = Duration.ofMillis(20);

    private final int port;
    private final Duration patience;
    private final Book book;
    private final Views views;
    private final SplittableRandom random;
    private final RequestFactory requests;
    private final RequestWriter writer = new RequestWriter();
    private volatile boolean stopped;
    private volatile long openSince;
    private volatile boolean givenUp;
    private volatile @Nullable Wire wire;

    Caller(int port, Duration patience, Book book, Views views, SplittableRandom random) {
        this.port = port;
        this.patience = patience;
        this.book = book;
        this.views = views;
        this.random = random;
        this.requests = new RequestFactory(book, random.split());
    }

    /** Begins no more calls. */
    void stop() {
        stopped = true;
    }

    /** When the call that is on began, by {@link System#nanoTime()}; 0 if none is. */
    long openSince() {
        return openSince;
    }

    /** The call that is on counts as stuck; its connection is closed. From any thread. */
    void giveUp() throws IOException {
        Wire current = wire;
        givenUp = true;
        if (current != null) {
            current.close();
        }
    }

    @Override
    public void run() {
        try {
            while (!stopped && !book.isFull()) {
                openSince = System.nanoTime();
                perform(Habit.any(random));
                openSince = 0;
            }
            hangUp();
        } catch (IOException e) {
            throw new IllegalStateException("a client could not go on", e);
        }
    }

    private void perform(Habit habit) throws IOException {
        switch (habit) {
            case GET -> call(requests.get(), 0);
            case SMALL_POST -> call(requests.small(), 0);
            case PIPELINE -> pipeline();
            case EXPECT -> expect(requests.expecting());
            case HTTP_10 -> call(requests.http10(random.nextBoolean()), 0);
            case TOKEN_PATH -> call(requests.token(), 0);
            case UPLOAD -> call(upload(false), 0);
            case CHUNKED_UPLOAD -> call(upload(true), 0);
            case LARGE_ANSWER -> call(requests.largeAnswer(), 0);
            case SLOW_UPLOAD -> call(slowUpload(), random.nextLong(50_000_000, 150_000_000));
            case SLOW_READER -> readSlowly(requests.largeAnswer());
            case LEAVES_IN_HEAD -> leaveInHead();
            case LEAVES_IN_BODY -> leaveInBody(upload(random.nextBoolean()));
            case LEAVES_BEFORE_ANSWER -> leaveBeforeAnswer(requests.small());
            case LEAVES_IN_ANSWER -> leaveInAnswer(requests.largeAnswer());
        }
    }

    private Request upload(boolean chunked) {
        return requests.upload(LEAST_UPLOAD, MOST_UPLOAD, chunked);
    }

    private Request slowUpload() {
        return requests.upload(LEAST_SLOW_UPLOAD, LEAST_UPLOAD, random.nextBoolean());
    }

    private void call(Request request, long pauseNanos) throws IOException {
        Wire current = connected();
        send(current, request, request.bodyLength(), pauseNanos);
        end(request, current.read());
    }

    private void expect(Request request) throws IOException {
        Wire current = connected();
        try {
            writer.head(current, request);
            if (current.mayContinue()) {
                writer.body(current, request, request.bodyLength(), 0);
            }
        } catch (IOException broken) {
            // As in send.
        }
        end(request, current.read());
    }

    private void pipeline() throws IOException {
        List<Request> sent = new ArrayList<>();
        Wire current = connected();
        for (int i = random.nextInt(2, 7); i > 0; i--) {
            Request request = random.nextInt(4) == 0 ? requests.get() : requests.small();
            sent.add(request);
            send(current, request, request.bodyLength(), 0);
        }
        for (Request request : sent) {
            if (wire == null) {
                book.close(request.id(), End.NOT_BEGUN);
            } else {
                end(request, current.read());
            }
        }
    }

    private void readSlowly(Request request) throws IOException {
        hangUp();
        Wire slow = new Wire(port, patience, SMALL_RECEIVE_BUFFER);
        slow.readSlowly(READ_PAUSE);
        wire = slow;
        call(request, 0);
        hangUp();
    }

    private void leaveInHead() throws IOException {
        try {
            writer.text(connected(), "POST " + Request.OCR + " HTTP/1.1\r\nHost: so");
        } catch (IOException broken) {
            // Given up by the watch.
        }
        leave();
    }

    private void leaveInBody(Request request) throws IOException {
        send(connected(), request, random.nextInt(request.bodyLength()), 0);
        left(request);
    }

    private void leaveBeforeAnswer(Request request) throws IOException {
        send(connected(), request, request.bodyLength(), 0);
        left(request);
    }

    private void leaveInAnswer(Request request) throws IOException {
        Wire current = connected();
        send(current, request, request.bodyLength(), 0);
        try {
            current.awaitSome();
        } catch (IOException broken) {
            // Then there is nothing to stay for.
        }
        left(request);
    }

    /** A connection that breaks is no failure here: the answer that explains it may be there all the same. */
    private void send(Wire current, Request request, int length, long pauseNanos) {
        try {
            writer.head(current, request);
            writer.body(current, request, length, pauseNanos);
        } catch (IOException broken) {
            // What there is to read will tell.
        }
    }

    private void end(Request request, Reply reply) throws IOException {
        close(request, givenUp ? End.STUCK : views.judge(request, reply));
        if (!(reply instanceof Reply.Whole whole) || whole.closes()) {
            hangUp();
        }
    }

    private void left(Request request) throws IOException {
        leave();
        close(request, givenUp ? End.STUCK : End.LEFT);
    }

    private void close(Request request, End end) {
        givenUp = false;
        book.close(request.id(), end);
    }

    private Wire connected() throws IOException {
        Wire current = wire;
        if (current == null) {
            current = new Wire(port, patience, 0);
            wire = current;
        }
        return current;
    }

    private void leave() throws IOException {
        Wire current = wire;
        if (current != null && random.nextBoolean()) {
            current.reset();
        }
        hangUp();
    }

    private void hangUp() throws IOException {
        Wire current = wire;
        wire = null;
        if (current != null) {
            current.close();
        }
    }
}
