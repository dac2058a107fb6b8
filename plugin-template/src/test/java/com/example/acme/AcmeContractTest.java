package com.example.acme;

import dev.keyturn.api.Credential;
import dev.keyturn.api.RotationTarget;
import dev.keyturn.testkit.contract.Login;
import dev.keyturn.testkit.contract.RotationTargetContract;
import dev.keyturn.testkit.contract.TargetFixture;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** The rules that every plugin keeps. */
class AcmeContractTest extends RotationTargetContract {

    // TODO 5: your target, started by the test; an account; and a way to log in that does not go through the plugin.
    @Override
    protected TargetFixture newFixture() throws IOException {
        AcmeService service = AcmeService.start("/base");
        service.put("app", "first-Token-of-app-1", "writer");
        service.put("boss", "first-Token-of-boss-2", "admin");
        return new TargetFixture() {
            @Override
            public RotationTarget target() {
                return new AcmeTarget();
            }

            @Override
            public Credential credential() {
                return credential("app", "first-Token-of-app-1");
            }

            @Override
            public Optional<Credential> admin() {
                return Optional.of(credential("boss", "first-Token-of-boss-2"));
            }

            private Credential credential(String user, String token) {
                return Credential.of(Map.of(Credential.HOST, "127.0.0.1", Credential.PORT, Integer.toString(service.port()),
                        Credential.USER, user, Credential.PASSWORD, token));
            }

            /** This service can be asked without a request. One that cannot is sent a request of the fixture's own. */
            @Override
            public Login login(Credential credential) throws Exception {
                return service.accepts(credential.user(), credential.password()) ? Login.ACCEPTED : Login.REFUSED;
            }

            @Override
            public Map<String, String> options() {
                return Map.of(AcmeTarget.BASE_PATH, "/base");
            }

            @Override
            public OptionalInt refusedLogins() {
                return OptionalInt.of(service.refused());
            }

            @Override
            public Optional<Boolean> twoValuesCanBeLive() {
                return Optional.of(false);
            }

            @Override
            public void close() {
                service.close();
            }
        };
    }
}
