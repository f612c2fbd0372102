# syntax=docker/dockerfile:1

FROM docker.io/library/maven:3.9.11-eclipse-temurin-25 AS build
WORKDIR /src
COPY . .
# Tests run in .ci/run, which an image build need not repeat.
RUN --mount=type=cache,target=/root/.m2 mvn -B -Dmaven.test.skip=true package
# Netty takes its native libraries from java.library.path before it unpacks them into /tmp, where a read-only
# or noexec mount would leave it with the slower NIO transport and the JDK's TLS.
RUN mkdir native && cd native && jar -xf ../proxy-server/target/valify-proxy.jar META-INF/native


FROM docker.io/library/eclipse-temurin:25-jre-noble
LABEL org.opencontainers.image.title="valify-proxy" \
      org.opencontainers.image.description="An authenticating reverse proxy for the Valify eKYC API" \
      org.opencontainers.image.licenses="Apache-2.0"
WORKDIR /opt/valify-proxy
COPY --from=build /src/native/META-INF/native/*.so lib/
COPY --from=build /src/proxy-server/target/valify-proxy.jar ./
COPY conf/jvm.options conf/class-archive conf/
# By the JVM that will use it, from the jar in its place: the archive fits no other.
RUN conf/class-archive /opt/valify-proxy/valify-proxy.jar -Djava.library.path=/opt/valify-proxy/lib
# By number, so that Kubernetes can see that it is not root; every file above belongs to root and is only read.
USER 10001:10001
EXPOSE 8080 9090
ENTRYPOINT ["java", "@/opt/valify-proxy/conf/jvm.options", "-XX:SharedArchiveFile=/opt/valify-proxy/valify-proxy.jsa", "-Djava.library.path=/opt/valify-proxy/lib", "-jar", "/opt/valify-proxy/valify-proxy.jar"]
CMD ["run"]
