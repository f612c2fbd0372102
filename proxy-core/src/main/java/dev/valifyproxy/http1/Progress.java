package dev.valifyproxy.http1;

/** How far reading came with the bytes there were. */
enum Progress {
    /** Its end has not come yet; all bytes were taken. */
    MORE,
    /** Its first line is there, and more is to be read. */
    FIRST_LINE,
    /** It is complete; what stands behind it was left. */
    DONE,
    /** It can never be what it should. */
    MALFORMED,
    /** Its first line is longer than allowed. */
    LINE_TOO_LONG,
    /** Its fields are larger or more than allowed. */
    TOO_LARGE
}
