package dev.keyturn.plugin.mysql;

import dev.keyturn.api.Credential;
import dev.keyturn.api.RotationTarget;
import dev.keyturn.api.TlsSettings;
import dev.keyturn.testkit.contract.Login;
import dev.keyturn.testkit.contract.RotationTargetContract;
import dev.keyturn.testkit.contract.TargetFixture;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalInt;

/** The rules that every plugin keeps, against the real thing. */
class MysqlContractTest extends RotationTargetContract {
    @Override
    protected TargetFixture newFixture() {
        String user = Shared.account(Shared.OVERLAP);
        return new TargetFixture() {
            @Override
            public RotationTarget target() {
                return new MysqlTarget();
            }

            @Override
            public Credential credential() {
                return Shared.credential(user, "old-1");
            }

            @Override
            public Login login(Credential credential) throws Exception {
                return Login.valueOf(Shared.server().login(credential.user(), credential.password()).name());
            }

            @Override
            public TlsSettings tls() {
                return TlsSettings.verify().withCa(Shared.server().ca());
            }

            @Override
            public Optional<Credential> admin() {
                return Optional.of(Shared.credential("root", "root"));
            }

            @Override
            public OptionalInt refusedLogins() {
                return OptionalInt.of((int) Shared.server().refusedLogins(user));
            }

            @Override
            public Optional<Boolean> twoValuesCanBeLive() {
                return Optional.of(true);
            }

            @Override
            public void close() {
            }
        };
    }
}
