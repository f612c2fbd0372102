package dev.valifyproxy.testing;

import java.util.regex.Pattern;

/** RFC 9110's and RFC 9112's grammar as patterns over bytes read as ISO 8859-1. */
final class StrictSyntax {

    private static final String TCHAR = "[!#$%&'*+.^_`|~0-9A-Za-z-]";
    private static final String OWS = "[ \\t]*+";
    private static final String QUOTED =
            "\"(?:[\\t \\x21\\x23-\\x5b\\x5d-\\x7e\\x80-\\xff]|\\\\[\\t \\x21-\\x7e\\x80-\\xff])*+\"";
    private static final String PCHARS = "(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})*+";
    private static final String HOST =
            "(?:\\[(?:[0-9A-Fa-f:.]++|v[0-9A-Fa-f]++\\.[A-Za-z0-9._~!$&'()*+,;=:-]++)]|(?:[A-Za-z0-9._~!$&'()*+,;=-]|%[0-9A-Fa-f]{2})++)(?::[0-9]*+)?";
    /** By its characters, of which none ends or divides anything. */
    private static final String LENIENT_HOST = "(?:\\[[A-Za-z0-9._~:%-]++]|[A-Za-z0-9._~!$&'()*+,;=%-]++)(?::[0-9]*+)?";

    /** RFC 9112 §3: method, target, version. */
    static final Pattern REQUEST_LINE = Pattern.compile("(" + TCHAR + "++) ([\\x21-\\x7e]++) HTTP/1\\.([0-9])");
    /** RFC 9112 §4: version, status, reason. */
    static final Pattern STATUS_LINE =
            Pattern.compile("HTTP/1\\.([0-9]) ([1-5][0-9]{2})( [\\t \\x21-\\x7e\\x80-\\xff]*+)?");
    /** RFC 9112 §5: name, what is before the colon, value with its white space. */
    static final Pattern FIELD =
            Pattern.compile("(" + TCHAR + "++)(" + OWS + "):" + OWS + "([\\t \\x21-\\x7e\\x80-\\xff]*+)");

    static final Pattern LENGTH = Pattern.compile("[0-9]++");
    /** RFC 9112 §7.1: size, extensions. */
    static final Pattern CHUNK_LINE = Pattern.compile("([0-9A-Fa-f]++)((?:" + OWS + ";" + OWS + TCHAR + "++(?:" + OWS
            + "=" + OWS + "(?:" + TCHAR + "++|" + QUOTED + "))?)*+)");

    static final Pattern LENIENT_CHUNK_LINE = Pattern.compile("([0-9A-Fa-f]++)(" + OWS + ";[\\t \\x21-\\x7e]*+)?");

    static final Pattern HOST_FIELD = Pattern.compile(HOST);
    static final Pattern LENIENT_HOST_FIELD = Pattern.compile(LENIENT_HOST);

    /** RFC 9112 §3.2.1. */
    static final Pattern ORIGIN_FORM =
            Pattern.compile("/" + PCHARS + "(?:\\?(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*+)?");

    static final Pattern LENIENT_ORIGIN_FORM = Pattern.compile("/[\\x21\\x22\\x24-\\x7e]*+");
    /** RFC 9112 §3.2.2: authority, the rest. */
    static final Pattern ABSOLUTE_FORM = Pattern.compile("(?i:https?)://([^/?]*+)(.*+)");

    private StrictSyntax() {}
}
