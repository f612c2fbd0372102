package dev.valifyproxy.sandbox;

/** How the dash in Valify's messages is spelt inside the JSON text; all three are seen in the wild. */
public enum Dash {
    /** The character U+2013 in UTF-8. */
    EN_DASH("–"),
    /** A plain ASCII hyphen. */
    HYPHEN("-"),
    /** U+2013 as a JSON escape of six ASCII characters. */
    ESCAPED("\\u2013");

    private final String json;

    Dash(String json) {
        this.json = json;
    }

    String json() {
        return json;
    }
}
