package dev.keyturn.plugin.redis;

import dev.keyturn.api.Credential;
import dev.keyturn.api.RotationTarget;
import dev.keyturn.testkit.contract.Login;
import dev.keyturn.testkit.contract.RotationTargetContract;
import dev.keyturn.testkit.contract.TargetFixture;
import java.util.Optional;
import java.util.OptionalInt;

/** The rules that every plugin keeps, against the real thing. */
class RedisContractTest extends RotationTargetContract {
    @Override
    protected TargetFixture newFixture() {
        RedisServer server = Rig.WithAclFile.SERVER;
        String user = Rig.fresh("kit");
        server.createUser(user, "First-password-1", "+@all", "~*");
        return new TargetFixture() {
            @Override
            public RotationTarget target() {
                return new RedisTarget();
            }

            @Override
            public Credential credential() {
                return Rig.credential(server, user, "First-password-1");
            }

            @Override
            public Login login(Credential credential) throws Exception {
                return Login.valueOf(server.login(credential.user(), credential.password()).name());
            }

            @Override
            public Optional<Credential> admin() {
                return Optional.of(Rig.admin(server));
            }

            @Override
            public OptionalInt sessions() {
                return OptionalInt.of((int) server.sessions(user));
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
