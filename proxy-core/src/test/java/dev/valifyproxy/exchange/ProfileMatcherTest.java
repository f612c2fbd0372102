package dev.valifyproxy.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.valifyproxy.exchange.ProfileMatch.Header;
import dev.valifyproxy.http.RequestTarget;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ProfileMatcherTest {

    private static final Header BUNDLE_B = new Header("X-Bundle", "b");

    private static final List<Profile> ALL = List.of(
            profile("default", null, null, null),
            profile("api", "/api/", null, null),
            profile("otp", "/api/v1/otp/", null, null),
            profile("otp-b", "/api/v1/otp", null, BUNDLE_B),
            profile("otp-stage", "//api/v1/otp", "stage.local", null),
            profile("bundle", null, null, BUNDLE_B),
            profile("stage", null, "Stage.Local", null),
            profile("port", null, "port.local:8443", null),
            profile("six", null, "[::1]", null),
            profile("twin-b", null, "twin.local", null),
            profile("twin-a", null, "twin.local:80", null));

    private static Profile profile(String name, String pathPrefix, String host, Header header) {
        return new Profile(name, new ProfileMatch(pathPrefix, host, header), null, null, null, null, null);
    }

    private static String nameOf(List<Profile> profiles, String target, String host, String bundles) {
        HttpRequest head = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, target);
        if (host != null) {
            head.headers().add("HOST", host);
        }
        if (bundles != null) {
            head.headers().add("x-bundle", List.of(bundles.split(" ")));
        }
        Profile found = new ProfileMatcher(profiles).profileOf(head, RequestTarget.originForm(target, true));
        return found == null ? null : found.name();
    }

    @ParameterizedTest
    @CsvSource(nullValues = "-", textBlock = """
            /ocr/                      , p                 , -    , default
            *                          , p                 , -    , default
            /ocr/                      , -                 , -    , default
            /api                       , p                 , -    , api
            /api/v1/ocr/               , p                 , -    , api
            /apis/v1                   , p                 , -    , default
            /api/v1/otp/send/          , p                 , -    , otp
            /api/v1/otp                , p                 , -    , otp
            //api//v1/%6ftp/send/      , p                 , -    , otp
            /api/v1/x/../otp/send/     , p                 , -    , otp
            /api/v1/otp/../ocr/        , p                 , -    , api
            /ocr/?next=/api/v1/otp/    , p                 , -    , default
            http://p/api/v1/otp/       , p                 , -    , otp
            /api/v1/otps/              , p                 , -    , api
            /ocr/                      , stage.local       , -    , stage
            /ocr/                      , STAGE.local:8080  , -    , stage
            /ocr/                      , stage.local.evil  , -    , default
            http://stage.local:81/ocr/ , p                 , -    , stage
            http://p/ocr/              , stage.local       , -    , default
            /ocr/                      , port.local:8443   , -    , port
            /ocr/                      , port.local        , -    , default
            /ocr/                      , port.local:443    , -    , default
            /ocr/                      , [::1]             , -    , six
            /ocr/                      , [::1]:8080        , -    , six
            /ocr/                      , p                 , b    , bundle
            /ocr/                      , p                 , a b  , bundle
            /ocr/                      , p                 , B    , default
            /ocr/                      , p                 , b2   , default
            /ocr/                      , stage.local       , b    , bundle
            /api/v1/ocr/               , stage.local       , b    , api
            /api/v1/otp/               , p                 , b    , otp-b
            /api/v1/otp/               , stage.local       , b    , otp-b
            /api/v1/otp/               , stage.local       , -    , otp-stage
            /ocr/                      , twin.local:80     , -    , twin-a
            /ocr/                      , twin.local        , -    , twin-b
            """)
    void the_profile_of_a_call(String target, String host, String bundles, String profile) {
        List<Profile> otherOrder = new ArrayList<>(ALL);
        Collections.reverse(otherOrder);

        assertThat(nameOf(ALL, target, host, bundles)).isEqualTo(profile);
        assertThat(nameOf(otherOrder, target, host, bundles)).isEqualTo(profile);
    }

    @Test
    void without_a_default_a_call_may_have_none() {
        List<Profile> stage = List.of(profile("stage", null, "stage.local", null));

        assertThat(nameOf(stage, "/ocr/", "stage.local", null)).isEqualTo("stage");
        assertThat(nameOf(stage, "/ocr/", "p", null)).isNull();
    }

    @Test
    void two_spellings_of_one_match_are_equal() {
        assertThat(new ProfileMatch("//a/%62/", "Stage.Local", new Header("X-B", "v")))
                .isEqualTo(new ProfileMatch("/a/b", "stage.local", new Header("x-b", "v")))
                .isNotEqualTo(new ProfileMatch("/a/b", "stage.local", new Header("x-b", "V")));
    }
}
