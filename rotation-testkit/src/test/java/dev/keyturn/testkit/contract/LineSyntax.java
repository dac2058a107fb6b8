package dev.keyturn.testkit.contract;

import java.util.ArrayList;
import java.util.List;

/** How the words of a {@link LineServer} are written and read. */
final class LineSyntax {

    private LineSyntax() {
    }

    static String quoted(String word) {
        StringBuilder quoted = new StringBuilder("\"");
        for (char c : word.toCharArray()) {
            switch (c) {
                case '"', '\\' -> quoted.append('\\').append(c);
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                default -> quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }

    /** The statements of a line, each of one word at least. What cannot be read ends the line. */
    static List<List<String>> statements(String line) {
        List<List<String>> statements = new ArrayList<>();
        List<String> words = new ArrayList<>();
        int at = 0;
        while (at < line.length() && !line.startsWith("--", at)) {
            char c = line.charAt(at);
            if (c == '"') {
                StringBuilder word = new StringBuilder();
                at = word(line, at + 1, word);
                words.add(word.toString());
            } else if (c == ';') {
                add(statements, words);
                words = new ArrayList<>();
                at++;
            } else if (c == ' ') {
                at++;
            } else {
                int end = at;
                while (end < line.length() && " ;\"".indexOf(line.charAt(end)) < 0) {
                    end++;
                }
                words.add(line.substring(at, end));
                at = end;
            }
        }
        add(statements, words);
        return statements;
    }

    private static void add(List<List<String>> statements, List<String> words) {
        if (!words.isEmpty()) {
            statements.add(words);
        }
    }

    /** Reads up to the closing quote; answers the place after it. */
    private static int word(String line, int from, StringBuilder word) {
        int at = from;
        while (at < line.length() && line.charAt(at) != '"') {
            char c = line.charAt(at++);
            if (c == '\\' && at < line.length()) {
                char escaped = line.charAt(at++);
                word.append(escaped == 'n' ? '\n' : escaped == 'r' ? '\r' : escaped);
            } else {
                word.append(c);
            }
        }
        return at + 1;
    }
}
