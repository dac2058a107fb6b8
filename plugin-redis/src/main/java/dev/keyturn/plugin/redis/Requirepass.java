package dev.keyturn.plugin.redis;

import dev.keyturn.api.Change;
import dev.keyturn.api.Credential;
import dev.keyturn.api.Survey;
import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetException.Kind;
import dev.keyturn.plugin.redis.Wire.Answer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import redis.clients.jedis.Protocol.Command;

/**
 * Servers before Redis 6: no users, one password, held and shown in plain text. There is no command that compares and sets,
 * so it is compared just before.
 */
final class Requirepass implements Accounts {

    private static final String SETTING = "requirepass";
    private static final int LONGEST = 512;

    private final Wire wire;

    Requirepass(Wire wire) {
        this.wire = wire;
    }

    private String current(Credential account) throws TargetException {
        if (!account.user().equals(RedisSession.DEFAULT_USER)) {
            throw new TargetException(Kind.MISCONFIGURED, "a server older than Redis 6 has no users",
                    "name no user in the secret, or \"default\"");
        }
        Answer answer = wire.ask(Command.CONFIG, "GET", SETTING);
        if (answer.refusal() != null) {
            throw answer.refusal().error("the server does not let its password be changed");
        }
        return answer.setting();
    }

    @Override
    public Survey survey(Credential account) throws TargetException {
        current(account);
        return Survey.empty();
    }

    @Override
    public boolean may(String right) {
        return true;
    }

    @Override
    public Optional<Step> change(Change change) throws TargetException {
        String current = current(change.to());
        String to = change.to().password();
        String expected = change.from().isPresent() ? change.from().get().password() : current;
        if (!current.equals(expected)) {
            throw new TargetException(Kind.CONFLICT, "the server's password is not the one that the change starts from");
        }
        if (change.finishes()) {
            return Optional.empty();
        }
        if (change.keepFrom()) {
            throw new TargetException(Kind.MISCONFIGURED, "a server older than Redis 6 holds one password");
        }
        // The server's own error for this would quote the value.
        if (to.getBytes(StandardCharsets.UTF_8).length > LONGEST) {
            throw new TargetException(Kind.VALUE_REFUSED, "a server older than Redis 6 holds " + LONGEST + " bytes at most");
        }
        return Optional.of(new Step(Command.CONFIG, List.of("SET", SETTING, to), List.of("SET", SETTING, current)));
    }
}
