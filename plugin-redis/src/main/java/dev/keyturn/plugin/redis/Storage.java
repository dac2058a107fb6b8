package dev.keyturn.plugin.redis;

import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetException.Kind;
import dev.keyturn.plugin.redis.Wire.Answer;
import java.util.Optional;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol.Command;

/** How a server keeps its users over a restart. With an ACL file, CONFIG REWRITE answers OK and saves no user. */
enum Storage {

    /** {@code ACL SAVE}. */
    ACL_FILE,
    /** {@code CONFIG REWRITE}. */
    CONFIG_FILE,
    /** Neither file is configured. */
    NOWHERE,
    /** The session may not ask. */
    UNTOLD;

    static Storage of(Wire wire, Answer server) throws TargetException {
        Answer aclFile = wire.ask(Command.CONFIG, "GET", "aclfile");
        if (!aclFile.setting().isEmpty()) {
            return ACL_FILE;
        }
        if (aclFile.refusal() != null || server.refusal() != null) {
            return UNTOLD;
        }
        return server.line("config_file").isEmpty() ? NOWHERE : CONFIG_FILE;
    }

    /** The command that saves all users; none where nobody told which it is. */
    Optional<CommandArguments> command() {
        return switch (this) {
            case ACL_FILE -> Optional.of(Wire.command(Command.ACL, "SAVE"));
            case CONFIG_FILE -> Optional.of(Wire.command(Command.CONFIG, "REWRITE"));
            case NOWHERE, UNTOLD -> Optional.empty();
        };
    }

    /** Saves all users, this one's change among them. Where nobody told how, both ways are tried. */
    Answer save(Wire wire) throws TargetException {
        Answer answer = new Answer(null, Refusal.of("ERR The server is running without a config file"));
        if (this == ACL_FILE || this == UNTOLD) {
            answer = wire.ask(Command.ACL, "SAVE");
        }
        if (this == CONFIG_FILE || this == UNTOLD && answer.refusal() != null) {
            answer = wire.ask(Command.CONFIG, "REWRITE");
        }
        return answer;
    }

    /** Complains if a change would be lost with the next restart, as far as that can be known without writing the file. */
    void check() throws TargetException {
        if (this == NOWHERE) {
            throw new TargetException(Kind.MISCONFIGURED,
                    "the server has neither an ACL file nor a configuration file: a restart would bring the old password back",
                    "configure aclfile, or start the server with a configuration file, or set options.persistence=best-effort");
        }
        if (this == UNTOLD) {
            throw new TargetException(Kind.FORBIDDEN,
                    "the session may not ask how the server keeps its users over a restart",
                    "grant +config|get and +info, or set options.persistence=best-effort");
        }
    }

    /** Complains if the session has no right to save. */
    void check(Accounts session) throws TargetException {
        check();
        String right = this == ACL_FILE ? "acl|save" : "config|rewrite";
        if (!session.may(right)) {
            throw new TargetException(Kind.FORBIDDEN, "the session may not save the users (" + right + ")",
                    "grant +" + right + ", or set options.persistence=best-effort");
        }
    }
}
