package dev.keyturn.plugin.mssql;

import dev.keyturn.api.Credential;
import dev.keyturn.api.RotationTarget;
import dev.keyturn.api.TlsSettings;
import dev.keyturn.testkit.contract.Login;
import dev.keyturn.testkit.contract.RotationTargetContract;
import dev.keyturn.testkit.contract.TargetFixture;
import java.util.Optional;
import java.util.OptionalInt;

/** The rules that every plugin keeps, against the stand-in. */
class MssqlContractTest extends RotationTargetContract {
    @Override
    protected TargetFixture newFixture() throws Exception {
        TestServer server = TestServer.all().findFirst().orElseThrow();
        Credential account = server.newLogin("Old-1st_Value");
        return new TargetFixture() {
            @Override
            public RotationTarget target() {
                return new MssqlTarget();
            }

            @Override
            public Credential credential() {
                return account;
            }

            @Override
            public Login login(Credential credential) throws Exception {
                return server.attempt(credential) == TdsStandIn.Answer.ACCEPTED ? Login.ACCEPTED : Login.REFUSED;
            }

            @Override
            public TlsSettings tls() {
                return server.tls();
            }

            @Override
            public Optional<Credential> admin() {
                return Optional.of(server.admin());
            }

            @Override
            public OptionalInt sessions() throws Exception {
                return OptionalInt.of(server.sessions(account));
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
