package dev.keyturn.crash;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/** What came of all cases, as Markdown: a table for each scene, a row for each boundary, a column for each target. */
final class Table {

    private final Map<Spec.Scene, Map<String, Map<Server.Kind, List<Outcome>>>> scenes = new TreeMap<>();
    private final Map<Server.Kind, List<Outcome>> all = new TreeMap<>();
    private final List<String> failures = new ArrayList<>();
    private final Map<Server.Kind, String> gone = new TreeMap<>();

    synchronized void add(Server.Kind kind, Spec spec, Outcome outcome) {
        scenes.computeIfAbsent(spec.scene(), scene -> new TreeMap<>(Table::byNumber)).computeIfAbsent(spec.row(), row -> new TreeMap<>())
                .computeIfAbsent(kind, column -> new ArrayList<>()).add(outcome);
        all.computeIfAbsent(kind, column -> new ArrayList<>()).add(outcome);
        if (outcome.failed()) {
            failures.add(outcome.verdict() + " " + kind.type() + ", " + spec + ": " + outcome.detail());
        }
    }

    /** Notes that a target's cases have ended before their time. */
    synchronized void gone(Server.Kind kind, String why) {
        gone.put(kind, why);
    }

    synchronized boolean isGone(Server.Kind kind) {
        return gone.containsKey(kind);
    }

    synchronized List<String> gone() {
        return List.copyOf(gone.values());
    }

    /** So that message 10 comes after message 9. */
    private static int byNumber(String one, String other) {
        return padded(one).compareTo(padded(other));
    }

    private static String padded(String row) {
        return java.util.regex.Pattern.compile("[0-9]+").matcher(row).replaceAll(number -> String.format("%4s", number.group()));
    }

    synchronized int cases(Server.Kind kind) {
        return all.getOrDefault(kind, List.of()).size();
    }

    synchronized long count(Outcome.Verdict verdict) {
        return all.values().stream().flatMap(List::stream).filter(outcome -> outcome.verdict() == verdict).count();
    }

    /** Each case that did not go well, with all that is needed to play it again. */
    synchronized List<String> failures() {
        return List.copyOf(failures);
    }

    /** One line for each target. */
    synchronized String summary() {
        String head = lines("| target | cases | struck | ok | left: dropped by the platform | account lost | other check failed |", 7);
        return head + all.entrySet().stream().map(entry -> {
            List<Outcome> outcomes = entry.getValue();
            return "| " + entry.getKey().label() + " | " + outcomes.size() + " | "
                    + outcomes.stream().filter(one -> one.struck() > 0).count() + " | "
                    + count(outcomes, Outcome.Verdict.OK) + " | " + count(outcomes, Outcome.Verdict.LEFT) + " | "
                    + count(outcomes, Outcome.Verdict.LOST) + " | " + count(outcomes, Outcome.Verdict.WRONG) + " |\n";
        }).collect(Collectors.joining());
    }

    synchronized String markdown() {
        StringBuilder text = new StringBuilder(summary());
        scenes.forEach((scene, rows) -> {
            text.append("\n").append(scene.title).append(":\n\n");
            text.append(lines("| what | when | at | " + all.keySet().stream().map(Server.Kind::label).collect(Collectors.joining(" | ")) + " |",
                    3 + all.size()));
            rows.forEach((row, cells) -> text.append("| ").append(row).append(" | ")
                    .append(all.keySet().stream().map(kind -> cell(cells.getOrDefault(kind, List.of()))).collect(Collectors.joining(" | ")))
                    .append(" |\n"));
        });
        return text.append(foot()).toString();
    }

    private String foot() {
        StringBuilder text = new StringBuilder();
        if (!all.isEmpty()) {
            text.append("\nLogins of a client that holds the active value, where two values may work or two accounts take turns: ")
                    .append(all.entrySet().stream().map(entry -> entry.getKey().label() + " " + sum(entry.getValue(), Outcome::logins) + " accepted, "
                            + sum(entry.getValue(), Outcome::refused) + " refused").collect(Collectors.joining("; "))).append(".\n");
        }
        gone.values().forEach(line -> text.append("\n").append(line).append(".\n"));
        return text.toString();
    }

    private static long sum(List<Outcome> outcomes, ToLongFunction<Outcome> what) {
        return outcomes.stream().mapToLong(what).sum();
    }

    private static String lines(String head, int columns) {
        return head + "\n|" + " --- |".repeat(columns) + "\n";
    }

    private static String cell(List<Outcome> outcomes) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        for (Outcome outcome : outcomes) {
            String word = switch (outcome.verdict()) {
                case OK -> outcome.struck() > 0 ? "ok" : "ended before";
                case LEFT -> "left";
                case LOST, WRONG -> outcome.verdict().name();
            };
            counts.merge(word, 1, Integer::sum);
        }
        return counts.entrySet().stream().map(entry -> entry.getValue() == 1 ? entry.getKey() : entry.getValue() + " " + entry.getKey())
                .collect(Collectors.joining(", "));
    }

    private static long count(List<Outcome> outcomes, Outcome.Verdict verdict) {
        return outcomes.stream().filter(outcome -> outcome.verdict() == verdict).count();
    }
}
