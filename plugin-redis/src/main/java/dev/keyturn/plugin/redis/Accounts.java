package dev.keyturn.plugin.redis;

import dev.keyturn.api.Change;
import dev.keyturn.api.Credential;
import dev.keyturn.api.Survey;
import dev.keyturn.api.TargetException;
import java.util.List;
import java.util.Optional;
import redis.clients.jedis.Protocol.Command;

/** Where a server keeps its passwords. What is asked here changes nothing; it returns the commands that would. */
interface Accounts {

    /**
     * One command that takes effect as a whole or not at all.
     *
     * @param command which
     * @param arguments its arguments
     * @param undo the arguments that take it back; none if it leaves the server's memory as it was
     */
    record Step(Command command, List<String> arguments, List<String> undo) {

        /** Shows no arguments: before Redis 6 they hold the value itself. */
        @Override
        public String toString() {
            return "Step[" + command + "]";
        }
    }

    /** Whether the account exists, is usable, and may be changed by this session. */
    Survey survey(Credential account) throws TargetException;

    /** Whether the session has a right such as {@code acl|save}; known after the survey. */
    boolean may(String right);

    /**
     * What carries a change out; nothing where there is only something to save. The first time after a survey this is told by what the survey
     * saw, where the command compares by itself; it is a conflict then if that is not so any more.
     */
    Optional<Step> change(Change change) throws TargetException;
}
