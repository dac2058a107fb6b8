package dev.keyturn.testkit.contract;

import dev.keyturn.api.Credential;
import dev.keyturn.api.RotationTarget;
import dev.keyturn.api.TargetException;
import java.net.InetSocketAddress;
import java.util.Optional;

/** Supplies what must be supplied, and nothing more. */
record PoorFixture(LineFixture all) implements TargetFixture {

    @Override
    public RotationTarget target() {
        return all.target();
    }

    @Override
    public Credential credential() {
        return all.credential();
    }

    @Override
    public Login login(Credential credential) throws TargetException {
        return all.login(credential);
    }

    @Override
    public Optional<InetSocketAddress> address() {
        return Optional.empty();
    }

    @Override
    public void close() {
        all.close();
    }
}
