package dev.keyturn.testkit.contract;

import dev.keyturn.api.Credential;
import dev.keyturn.api.RotationTarget;
import dev.keyturn.api.TargetException;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;

/** An account of a {@link LineServer}; the server's memory is asked, no connection is made. */
final class LineFixture implements TargetFixture {

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final RotationTarget target;
    private final LineServer server;
    private final LineServer.Kind kind;
    private final String user = "app" + NUMBER.incrementAndGet();

    LineFixture(RotationTarget target, LineServer.Kind kind) throws IOException {
        this.target = target;
        this.kind = kind;
        this.server = new LineServer(kind);
        server.create(user, "First-password-1");
    }

    @Override
    public RotationTarget target() {
        return target;
    }

    @Override
    public Credential credential() {
        return credential(user, "First-password-1");
    }

    private Credential credential(String name, String password) {
        return Credential.of(Map.of("host", "127.0.0.1", "port", Integer.toString(server.port()), "user", name, "password", password));
    }

    @Override
    public Login login(Credential credential) throws TargetException {
        return server.accepts(credential.user(), credential.password()) ? Login.ACCEPTED : Login.REFUSED;
    }

    @Override
    public Optional<Credential> admin() {
        return Optional.of(credential(LineServer.ADMIN, LineServer.ADMIN_PASSWORD));
    }

    @Override
    public OptionalInt sessions() {
        return OptionalInt.of(server.sessions(user));
    }

    @Override
    public OptionalInt refusedLogins() {
        return OptionalInt.of(server.refused());
    }

    @Override
    public Optional<Boolean> twoValuesCanBeLive() {
        return Optional.of(kind != LineServer.Kind.ONE_VALUE);
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
