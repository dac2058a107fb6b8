package dev.keyturn.plugin.postgresql;

import dev.keyturn.api.Credential;
import dev.keyturn.api.RotationTarget;
import dev.keyturn.api.TlsSettings;
import dev.keyturn.testkit.contract.Login;
import dev.keyturn.testkit.contract.RotationTargetContract;
import dev.keyturn.testkit.contract.TargetFixture;
import java.util.Optional;
import java.util.OptionalInt;

/** The rules that every plugin keeps, against the real thing. */
class PostgresqlContractTest extends RotationTargetContract {
    @Override
    protected TargetFixture newFixture() {
        String role = Fixture.role();
        return new TargetFixture() {
            @Override
            public RotationTarget target() {
                return new PostgresqlTarget();
            }

            @Override
            public Credential credential() {
                return Fixture.credential(role, Fixture.OLD);
            }

            @Override
            public Login login(Credential credential) throws Exception {
                return Login.valueOf(Fixture.server().login(credential.user(), credential.password()).name());
            }

            @Override
            public TlsSettings tls() {
                return Fixture.verified();
            }

            @Override
            public Optional<Credential> admin() {
                return Optional.of(Fixture.admin());
            }

            @Override
            public OptionalInt sessions() {
                return OptionalInt.of((int) Fixture.server().sessions(role));
            }

            @Override
            public OptionalInt refusedLogins() {
                return OptionalInt.of((int) Fixture.server().refusedLogins(role));
            }

            @Override
            public Optional<Boolean> twoValuesCanBeLive() {
                return Optional.of(false);
            }

            @Override
            public void close() {
            }
        };
    }
}
