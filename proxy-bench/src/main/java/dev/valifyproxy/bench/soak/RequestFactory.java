package dev.valifyproxy.bench.soak;

import java.util.SplittableRandom;

/** Makes requests, each entered in the book. One thread. */
final class RequestFactory {

    private static final int SMALL_BODY = 2048;

    /** Above the codes that Valify has. */
    private static final int LEAST_CODE = 10_000;

    private final Book book;
    private final SplittableRandom random;

    RequestFactory(Book book, SplittableRandom random) {
        this.book = book;
        this.random = random;
    }

    Request get() {
        int id = book.open(true);
        return new Request(id, true, head("GET", Request.OCR, "1.1", id, ""), 0, false, 0);
    }

    Request small() {
        return random.nextBoolean() ? coded(smallLength(), "") : post(Request.OCR, "1.1", smallLength(), false, "");
    }

    Request http10(boolean keepAlive) {
        return post(Request.OCR, "1.0", smallLength(), false, keepAlive ? "Connection: keep-alive\r\n" : "");
    }

    /** With a body of {@code least} to {@code most} bytes, small ones more often. */
    Request upload(int least, int most, boolean chunked) {
        int length = (int) (least * Math.pow((double) most / least, random.nextDouble()));
        return post(Request.OCR, "1.1", length, chunked, "");
    }

    Request expecting() {
        return coded(random.nextInt(SMALL_BODY, 64 * 1024), "Expect: 100-continue\r\n");
    }

    Request largeAnswer() {
        return post(Request.LARGE_ANSWER, "1.1", smallLength(), false, "");
    }

    Request token() {
        return post(Request.TOKEN, "1.1", smallLength(), false, "");
    }

    private int smallLength() {
        return random.nextInt(Request.SHORTEST + 1, SMALL_BODY);
    }

    private Request post(String path, String version, int length, boolean chunked, String more) {
        int id = book.open(false);
        return new Request(
                id, false, head("POST", path, version, id, framing(length, chunked) + more), length, chunked, 0);
    }

    /** Is answered with an error of this number, so that an answer to another call would be noticed. */
    private Request coded(int length, String more) {
        int id = book.open(false);
        int code = LEAST_CODE + id;
        String fields = framing(length, false) + "X-Sandbox-Business-Error: " + code + "\r\n" + more;
        return new Request(id, false, head("POST", Request.OCR, "1.1", id, fields), length, false, code);
    }

    private static String framing(int length, boolean chunked) {
        return "Content-Type: application/json\r\n"
                + (chunked ? "Transfer-Encoding: chunked\r\n" : "Content-Length: " + length + "\r\n");
    }

    private static String head(String method, String path, String version, int id, String fields) {
        return method + " " + path + " HTTP/" + version + "\r\nHost: soak\r\n" + Request.ID_FIELD + ": " + id + "\r\n"
                + fields + "\r\n";
    }
}
