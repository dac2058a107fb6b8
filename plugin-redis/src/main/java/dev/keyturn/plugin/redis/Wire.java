package dev.keyturn.plugin.redis;

import dev.keyturn.api.TargetException;
import dev.keyturn.api.TargetException.Kind;
import dev.keyturn.api.TlsSettings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.util.SafeEncoder;

/** One connection, used until a time that is set for several commands together. */
final class Wire {

    private final Connection connection;
    private final Map<String, Answer> answers = new HashMap<>();
    private Deadline deadline;

    private Wire(Connection connection, Deadline deadline) {
        this.connection = connection;
        this.deadline = deadline;
    }

    /** A reply, or the reason for which there is none. */
    record Answer(@Nullable Object value, @Nullable Refusal refusal) {

        boolean unknownCommand() {
            return refusal != null && refusal.code().equals(Refusal.UNKNOWN_COMMAND);
        }

        /** The value, if the answer is one text. */
        String text() {
            return value instanceof byte[] ? Wire.text(value) : "";
        }

        /** The value of the one setting that {@code CONFIG GET} was asked for. */
        String setting() {
            List<String> pair = texts(value);
            return pair.size() == 2 ? pair.get(1) : "";
        }

        /** The value of one line of {@code INFO}. */
        String line(String name) {
            return text().lines().filter(line -> line.startsWith(name + ":")).findFirst()
                    .map(line -> line.substring(name.length() + 1)).orElse("");
        }
    }

    /** Connects, and says nothing yet: no command is sent that was not asked for. */
    static Wire connect(String host, int port, TlsSettings tls, int millis) throws TargetException {
        Deadline deadline = new Deadline(millis);
        OneSocket socket = new OneSocket(host, port, tls, tls.encrypted() ? tls.sslContext() : null, deadline);
        Wire wire = new Wire(new Connection(socket), deadline);
        try {
            wire.connection.connect();
            return wire;
        } catch (RuntimeException e) {
            wire.close();
            throw OneSocket.explain(host, port, e);
        }
    }

    /** The next commands take this long at most, all of them together. */
    void within(int millis) {
        answers.clear(); // What was asked ahead and not needed is old by now.
        goOnWithin(millis);
    }

    /** The same, for commands of which some were asked ahead a moment ago. */
    void goOnWithin(int millis) {
        deadline = new Deadline(millis);
    }

    /**
     * Sends one command and waits for its answer.
     *
     * @throws TargetException {@link Kind#UNREACHABLE} if no answer came; the command may have been carried out
     */
    Answer ask(Command command, String... arguments) throws TargetException {
        CommandArguments asked = command(command, arguments);
        Answer there = answers.remove(key(asked));
        if (there != null) {
            return there;
        }
        try {
            connection.setSoTimeout(deadline.left());
            return answer(() -> connection.executeCommand(asked));
        } catch (RuntimeException e) {
            throw silent(asked);
        }
    }

    /**
     * Sends commands together, for one round trip. Each is still to be asked for, once, and then its answer is there.
     *
     * @throws TargetException {@link Kind#UNREACHABLE} if not all answers came; any of the commands may have been carried out
     */
    void ahead(List<CommandArguments> commands) throws TargetException {
        try {
            connection.setSoTimeout(deadline.left());
            for (CommandArguments command : commands) {
                connection.sendCommand(command);
            }
            for (CommandArguments command : commands) {
                answers.put(key(command), answer(connection::getOne));
            }
        } catch (RuntimeException e) {
            throw silent(commands.get(0));
        }
    }

    /** An answer that is there, without taking it away: somebody else asks the same. */
    Answer peek(Command command, String... arguments) {
        return Objects.requireNonNull(answers.get(key(command(command, arguments))), "not asked ahead");
    }

    static CommandArguments command(Command command, String... arguments) {
        return new CommandArguments(command).addObjects((Object[]) arguments);
    }

    private static String key(CommandArguments command) {
        StringBuilder key = new StringBuilder();
        command.forEach(argument -> key.append(SafeEncoder.encode(argument.getRaw())).append('\0'));
        return key.toString();
    }

    private static Answer answer(Supplier<Object> reply) {
        try {
            return new Answer(reply.get(), null);
        } catch (JedisDataException e) {
            return new Answer(null, Refusal.of(String.valueOf(e.getMessage())));
        }
    }

    private static TargetException silent(CommandArguments command) {
        return new TargetException(Kind.UNREACHABLE, "no answer to Redis " + ((Command) command.getCommand()).name()
                + ": the connection broke, the time was up, or it is no Redis server that answers");
    }

    static String text(@Nullable Object value) {
        return value instanceof byte[] bytes ? SafeEncoder.encode(bytes) : String.valueOf(value);
    }

    static List<String> texts(@Nullable Object list) {
        return list instanceof List<?> values ? values.stream().map(Wire::text).toList() : List.of();
    }

    void close() {
        try {
            connection.close();
        } catch (RuntimeException e) {
            // The socket is closed all the same, and nobody is left whom it would help to know.
        }
    }
}
