package dev.keyturn.testkit.contract;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A server that keeps accounts in memory. It reads lines of statements, with a semicolon between two of them and {@code --} before a
 * comment; words stand in double quotes, with a backslash before a quote or a backslash.
 *
 * <p>AUTH "user" "password". WHO. CAN "user": OK single or OK overlap. SET "new" FOR "user" [FROM "old"]: only that one works then.
 * ADD ..: that one works as well. DEL "old" FOR "user". CLEAR "user". Answers: OK .., or ERR and a word.
 */
final class LineServer implements AutoCloseable {

    static final String ADMIN = "root";
    static final String ADMIN_PASSWORD = "Administrator-5271";
    static final int MOST_BYTES = 128;

    /** What differs between servers. */
    enum Kind {
        /** An account can have several passwords. */
        MANY_VALUES,
        /** An account has one password. */
        ONE_VALUE,
        /** An account can have several passwords, of which only the first 72 characters are looked at. */
        LOOKS_AT_72
    }

    private final ServerSocket door;
    private final Kind kind;
    private final boolean overlap;
    private final Map<String, Set<String>> accounts = new HashMap<>();
    private final Map<String, Integer> sessions = new HashMap<>();
    private int refused;

    LineServer(Kind kind) throws IOException {
        this.kind = kind;
        this.overlap = kind != Kind.ONE_VALUE;
        this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        create(ADMIN, ADMIN_PASSWORD);
        Waiting.daemon("line-server", this::accept).start();
    }

    int port() {
        return door.getLocalPort();
    }

    synchronized void create(String user, String password) {
        accounts.put(user, new LinkedHashSet<>(List.of(password)));
    }

    synchronized boolean accepts(String user, String password) {
        return accounts.getOrDefault(user, Set.of()).stream().anyMatch(value -> known(value).equals(known(password)));
    }

    private String known(String value) {
        return kind == Kind.LOOKS_AT_72 && value.length() > 72 ? value.substring(0, 72) : value;
    }

    synchronized int sessions(String user) {
        return sessions.getOrDefault(user, 0);
    }

    synchronized int refused() {
        return refused;
    }

    private void accept() {
        try {
            while (true) {
                Socket client = door.accept();
                Waiting.daemon("line-server", () -> serve(client)).start();
            }
        } catch (IOException e) {
            // The server was closed.
        }
    }

    private void serve(Socket client) {
        String user = "";
        try (client; BufferedReader lines = new BufferedReader(new InputStreamReader(client.getInputStream(), UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String answer = "ERR SYNTAX";
                for (List<String> statement : LineSyntax.statements(line)) {
                    answer = perform(user, statement);
                    if (statement.get(0).equals("AUTH") && answer.startsWith("OK")) {
                        leave(user);
                        user = statement.get(1);
                        enter(user);
                    }
                    if (answer.startsWith("ERR")) {
                        break;
                    }
                }
                client.getOutputStream().write((answer + "\n").getBytes(UTF_8));
            }
        } catch (IOException e) {
            // The client has gone.
        }
        leave(user);
    }

    private synchronized void enter(String user) {
        sessions.merge(user, 1, Integer::sum);
    }

    private synchronized void leave(String user) {
        sessions.merge(user, -1, Integer::sum);
    }

    private synchronized String perform(String session, List<String> words) {
        String form = words.get(0) + words.size();
        if (form.equals("AUTH3")) {
            if (accepts(words.get(1), words.get(2))) {
                return "OK";
            }
            refused++;
            return "ERR WRONG";
        }
        if (session.isEmpty()) {
            return "ERR LOGIN";
        }
        return switch (form) {
            case "WHO1" -> "OK " + session + "@line-" + port();
            case "CAN2" -> allowed(session, words.get(1), overlap ? "OK overlap" : "OK single");
            case "CLEAR2" -> change(session, words.get(1), null, new ArrayList<>());
            case "DEL4" -> remove(session, words.get(3), words.get(1));
            case "SET4" -> change(session, words.get(3), null, List.of(words.get(1)));
            case "SET6" -> change(session, words.get(3), words.get(5), List.of(words.get(1)));
            case "ADD4" -> overlap ? add(session, words.get(3), null, words.get(1)) : "ERR SINGLE";
            case "ADD6" -> overlap ? add(session, words.get(3), words.get(5), words.get(1)) : "ERR SINGLE";
            default -> "ERR SYNTAX";
        };
    }

    private String allowed(String session, String user, String answer) {
        return !session.equals(user) && !session.equals(ADMIN) ? "ERR DENIED" : accounts.containsKey(user) ? answer : "ERR NOBODY";
    }

    private String add(String session, String user, String from, String value) {
        List<String> both = new ArrayList<>(accounts.getOrDefault(user, Set.of()));
        both.add(value);
        return change(session, user, from, both);
    }

    private String remove(String session, String user, String value) {
        List<String> rest = new ArrayList<>(accounts.getOrDefault(user, Set.of()));
        rest.remove(value);
        return rest.isEmpty() ? "ERR LAST" : change(session, user, null, rest);
    }

    private String change(String session, String user, String from, List<String> values) {
        String answer = allowed(session, user, "OK");
        if (answer.equals("OK") && from != null && !accepts(user, from)) {
            return "ERR STALE";
        }
        if (values.stream().anyMatch(value -> value.isEmpty() || value.getBytes(UTF_8).length > MOST_BYTES)) {
            return "ERR VALUE";
        }
        if (answer.equals("OK")) {
            accounts.put(user, new LinkedHashSet<>(values));
        }
        return answer;
    }

    @Override
    public void close() throws IOException {
        door.close();
    }
}
