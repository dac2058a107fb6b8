package dev.keyturn.bench;

import java.util.List;

/** What the sections tell, as Markdown. Each line is printed when it is told. */
final class Report {

    private final StringBuilder text = new StringBuilder();

    void heading(String title) {
        block("### " + title);
    }

    /** A paragraph. */
    void say(String paragraph) {
        block(paragraph);
    }

    /** A table; every row has as many cells as the head. */
    void table(List<String> head, List<List<String>> rows) {
        StringBuilder table = new StringBuilder(row(head)).append("\n|").append(" --- |".repeat(head.size()));
        for (List<String> cells : rows) {
            if (cells.size() != head.size()) {
                throw new IllegalArgumentException(cells + " under " + head);
            }
            table.append('\n').append(row(cells));
        }
        block(table.toString());
    }

    private static String row(List<String> cells) {
        return "| " + String.join(" | ", cells) + " |";
    }

    private void block(String lines) {
        System.out.println(lines + "\n");
        text.append('\n').append(lines).append('\n');
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
