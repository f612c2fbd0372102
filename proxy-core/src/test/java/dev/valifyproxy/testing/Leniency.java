package dev.valifyproxy.testing;

/** Where this proxy takes more than RFC 9112's grammar allows, on purpose. {@link StrictHttp} allows each only when it is told to. */
public enum Leniency {
    /** Any visible character in a target but {@code #}: apps send quotes, braces and stray percent signs, which are passed on as they are. */
    TARGET_CHARACTERS,
    /** A host by its characters alone: it is checked so that nobody upstream could read it differently, and then replaced by the upstream's. */
    HOST_SYNTAX,
    /** Line ends of any kind before a request line (RFC 9112 §2.2 asks for CRLF): they belong to no message and go nowhere. */
    LINE_ENDS_BEFORE_A_REQUEST,
    /** A chunk extension of odd syntax, as long as it is on its line and visible: extensions are read by nobody and not passed on. */
    CHUNK_EXTENSION_SYNTAX,
    /** No space behind a status code that has no reason (RFC 9112 §4 asks for one): common, and in no way ambiguous. */
    STATUS_LINE_WITHOUT_LAST_SPACE,
    /** Space before an answer's colon, which a proxy must remove, not refuse (RFC 9112 §5.1). */
    SPACE_BEFORE_AN_ANSWERS_COLON
}
