package dev.valifyproxy.config;

import dev.valifyproxy.injection.RejectionRule;
import dev.valifyproxy.injection.RejectionRule.Sign;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads a rule of {@code token.rejection.rules}. */
final class RejectionRuleReader {

    private static final String STATUS = "status";
    private static final String BODY_CONTAINS = "body-contains";
    private static final String WWW_AUTHENTICATE_ERROR = "www-authenticate-error";

    /** RFC 6750 §3: what an error code is made of. */
    private static final Pattern ERROR_CODE = Pattern.compile("[ !#-\\[\\]-~]+");

    private RejectionRuleReader() {}

    static RejectionRule rule(Entry rule) {
        rule.refuseOtherThan(Set.of(STATUS, BODY_CONTAINS, WWW_AUTHENTICATE_ERROR));
        List<Integer> statuses = statuses(rule);
        Entry body = rule.field(BODY_CONTAINS);
        Entry error = rule.field(WWW_AUTHENTICATE_ERROR);
        if ((body == null) == (error == null)) {
            rule.refuse("must hold either " + BODY_CONTAINS + " or " + WWW_AUTHENTICATE_ERROR);
        }
        return error == null
                ? new RejectionRule(statuses, Sign.BODY_CONTAINS, body(body, statuses))
                : new RejectionRule(statuses, Sign.WWW_AUTHENTICATE_ERROR, errorCode(error));
    }

    /** Those of a client's errors: of other answers nobody knows that the call was not performed. */
    private static List<Integer> statuses(Entry rule) {
        Entry status = rule.field(STATUS);
        if (status == null) {
            rule.refuse(
                    "must hold the status, or a list of them, with which an answer is a refusal, such as status = 403");
            return List.of();
        }
        List<Entry> each = status.isList() ? status.elements() : List.of(status);
        if (each.isEmpty()) {
            status.refuse("must hold a status, such as 403");
        }
        return each.stream().map(one -> one.whole(400, 499, "")).toList();
    }

    private static String body(@Nullable Entry entry, List<Integer> statuses) {
        String text = entry == null ? null : entry.text();
        if (entry == null || text == null) {
            return "";
        }
        if (text.isBlank()) {
            entry.refuse("must not be empty");
        } else if (statuses.contains(401) && RejectionRule.isInBundleKeyAnswer(text)) {
            entry.refuse("must not be found in the 401 for a wrong bundle key, which is never the token's fault");
        }
        return text;
    }

    private static String errorCode(Entry entry) {
        String text = entry.text();
        if (text == null) {
            return "";
        }
        if (!ERROR_CODE.matcher(text).matches()) {
            entry.refuse("must be an error code, such as invalid_token");
        }
        return text;
    }
}
