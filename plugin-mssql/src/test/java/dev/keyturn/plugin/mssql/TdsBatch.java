package dev.keyturn.plugin.mssql;

import dev.keyturn.plugin.mssql.TSqlWords.Word;
import dev.keyturn.plugin.mssql.TdsStandIn.Account;
import dev.keyturn.plugin.mssql.TdsStandIn.Fault;
import dev.keyturn.plugin.mssql.TdsWire.Tokens;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** One batch of statements. Of T-SQL it knows what the plugin says, and refuses everything else with 102. */
final class TdsBatch {

    /** What the server would answer with an error number. */
    private static final class Refusal extends Exception {
        private static final long serialVersionUID = 1L;
        private final int number;

        Refusal(int number) {
            super("Msg " + number, null, false, false);
            this.number = number;
        }
    }

    private final TdsStandIn server;
    private final TdsConnection client;
    private final String text;
    private final Tokens reply = new Tokens();
    private List<Word> words;
    private int at;
    private String outcome = "-999";

    TdsBatch(TdsStandIn server, TdsConnection client, String text) {
        this.server = server;
        this.client = client;
        this.text = text;
    }

    Tokens run() throws IOException {
        try {
            words = TSqlWords.of(text);
            if (words.isEmpty()) {
                throw new Refusal(102);
            }
            while (at < words.size()) {
                statement();
                if (at < words.size()) {
                    expect(";");
                }
            }
            return reply.done(0);
        } catch (TSqlWords.Unclosed e) {
            return reply.error(105, "Unclosed quotation mark.").done(2);
        } catch (Refusal e) {
            return reply.error(e.number, "The stand-in says no.").done(2);
        }
    }

    private void statement() throws Refusal, IOException {
        String first = words.get(at).keyword();
        refuseIfTold(first);
        switch (first) {
            case "ALTER" -> alter();
            case "SELECT" -> select();
            case "SET", "DECLARE" -> at = end();
            case "EXEC" -> lock();
            default -> throw new Refusal(102);
        }
    }

    private void refuseIfTold(String word) throws Refusal {
        Integer number = server.statementErrors.get(word);
        if (number != null) {
            throw new Refusal(number);
        }
    }

    private int end() {
        int end = at;
        while (end < words.size() && !words.get(end).is(";")) {
            end++;
        }
        return end;
    }

    /** {@code ALTER LOGIN|USER [name] WITH PASSWORD = N'..' [OLD_PASSWORD = N'..'] [UNLOCK]}, and not a word more. */
    private void alter() throws Refusal, IOException {
        at++;
        boolean login = next("LOGIN");
        if (!login && !next("USER")) {
            throw new Refusal(102);
        }
        String name = take(Word.Kind.NAME);
        expect("WITH");
        expect("PASSWORD");
        expect("=");
        String password = take(Word.Kind.TEXT);
        String old = null;
        boolean unlock = false;
        if (next("OLD_PASSWORD")) {
            expect("=");
            old = take(Word.Kind.TEXT);
        } else {
            unlock = login && next("UNLOCK");
        }
        if (at < words.size()) {
            throw new Refusal(102); // the plugin sends it alone in its batch
        }
        Account account = server.account(name, login ? null : client.database());
        boolean own = account != null && account == client.account();
        if (account == null || old == null && !client.account().admin || old != null && !own && !client.account().admin
                || old != null && !old.equals(account.password)) {
            throw new Refusal(15151);
        }
        policy(account, password);
        Fault fault = server.nextFault;
        server.nextFault = null;
        if (fault == Fault.CLOSE_BEFORE_EFFECT) {
            throw new IOException("fault");
        } else if (fault == Fault.HANG_BEFORE_EFFECT) {
            client.waitUntilLeft();
        }
        account.password = password;
        if (unlock) {
            account.locked = false;
            account.refusals = 0;
        }
        if (fault == Fault.CLOSE_AFTER_EFFECT) {
            throw new IOException("fault");
        } else if (fault == Fault.HANG_AFTER_EFFECT) {
            client.waitUntilLeft();
        }
    }

    private void policy(Account account, String password) throws Refusal {
        if (password.length() > 128) {
            throw new Refusal(15156);
        }
        if (!server.policy) {
            return;
        }
        if (password.length() < 8) {
            throw new Refusal(15116);
        }
        long classes = List.of("[a-z]", "[A-Z]", "[0-9]", "[^a-zA-Z0-9]").stream()
                .filter(set -> password.matches("(?s).*" + set + ".*")).count();
        if (classes < 3 || password.toLowerCase(Locale.ROOT).contains(account.name.toLowerCase(Locale.ROOT))) {
            throw new Refusal(15118);
        }
    }

    /** Answers by the columns' names alone; the expressions are not looked at, but for the first text among them. */
    private void select() throws Refusal {
        int end = end();
        List<String> columns = new ArrayList<>();
        String subject = null;
        int depth = 0;
        for (int i = at; i < end; i++) {
            Word word = words.get(i);
            depth += word.is("(") ? 1 : word.is(")") ? -1 : 0;
            if (depth == 0 && word.is("AS")) {
                columns.add(words.get(i + 1).value());
            }
            if (subject == null && word.kind() == Word.Kind.TEXT) {
                subject = word.value();
            }
        }
        at = end;
        List<List<String>> answers = new ArrayList<>();
        for (String column : columns) {
            refuseIfTold(column);
            answers.add(server.scripted.containsKey(column) ? server.scripted.get(column) : answer(column, subject));
        }
        reply.columns(columns);
        if (columns.equals(List.of("granted"))) {
            answers.get(0).forEach(value -> reply.row(List.of(value)));
        } else {
            reply.row(answers.stream().map(values -> values.isEmpty() ? null : values.get(0)).collect(Collectors.toList()));
        }
        reply.done(1);
    }

    private List<String> answer(String column, String subject) {
        Account self = client.account();
        Account other = subject == null ? null : server.account(subject, client.database());
        Account login = subject == null ? self : server.account(subject, null);
        String value = switch (column) {
            case "login_name" -> subject == null ? self.name : login == null ? null : login.name;
            case "user_name" -> self.database != null ? self.name : "guest";
            case "user_kind" -> subject == null ? self.database != null ? "2" : "0" : other != null ? "2" : null;
            case "server_name" -> "STAND-IN";
            case "database_name" -> client.database();
            case "may_alter", "may_control" -> self.admin ? "1" : "0";
            case "is_sysadmin" -> login != null && login.admin ? "1" : "0";
            case "is_locked" -> login != null && login.locked ? "1" : "0";
            case "is_disabled" -> login != null && login.disabled ? "1" : "0";
            case "bad_passwords" -> login == null ? null : Integer.toString(login.refusals);
            case "updateability" -> "READ_WRITE";
            case "hadr" -> "0";
            case "edition" -> "3";
            case "granted" -> "server CONNECT SQL";
            case "outcome" -> outcome;
            default -> null;
        };
        return value == null ? Collections.emptyList() : List.of(value);
    }

    /** {@code EXEC @outcome = [master.]sys.sp_getapplock @Resource = N'..', ...}: the lock counts for one database. */
    private void lock() throws IOException {
        boolean master = false;
        int millis = 0;
        String resource = null;
        for (int end = end(); at < end; at++) {
            master |= words.get(at).is("master");
            if (words.get(at).is("@LockTimeout")) {
                millis = Integer.parseInt(words.get(at + 2).value());
            }
            if (resource == null && words.get(at).kind() == Word.Kind.TEXT) {
                resource = words.get(at).value();
            }
        }
        outcome = server.lock((master ? "master" : client.database()) + "\n" + resource, client, millis) ? "0" : "-1";
    }

    private boolean next(String word) {
        if (at < words.size() && words.get(at).is(word)) {
            at++;
            return true;
        }
        return false;
    }

    private void expect(String word) throws Refusal {
        if (!next(word)) {
            throw new Refusal(102);
        }
    }

    private String take(Word.Kind kind) throws Refusal {
        if (at >= words.size() || words.get(at).kind() != kind) {
            throw new Refusal(102);
        }
        return words.get(at++).value();
    }
}
