package dev.keyturn.plugin.mssql;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Splits T-SQL as the server does: names in brackets, texts in quotes, comments that nest. */
final class TSqlWords {

    /** A name or text that does not end. */
    static final class Unclosed extends Exception {
        private static final long serialVersionUID = 1L;
    }

    /** A word, a bracketed name, a Unicode text, or a symbol. */
    record Word(Kind kind, String value) {

        enum Kind { WORD, NAME, TEXT, NARROW_TEXT, SYMBOL }

        boolean is(String other) {
            return (kind == Kind.WORD || kind == Kind.SYMBOL) && value.equalsIgnoreCase(other);
        }

        String keyword() {
            return kind == Kind.WORD ? value.toUpperCase(Locale.ROOT) : "";
        }
    }

    private final String text;
    private int at;

    private TSqlWords(String text) {
        this.text = text;
    }

    static List<Word> of(String text) throws Unclosed {
        TSqlWords words = new TSqlWords(text);
        List<Word> all = new ArrayList<>();
        while (words.toNext()) {
            all.add(words.word());
        }
        return all;
    }

    private boolean toNext() throws Unclosed {
        while (at < text.length()) {
            if (Character.isWhitespace(text.charAt(at))) {
                at++;
            } else if (text.startsWith("--", at)) {
                int end = text.indexOf('\n', at);
                at = end < 0 ? text.length() : end + 1;
            } else if (text.startsWith("/*", at)) {
                comment();
            } else {
                return true;
            }
        }
        return false;
    }

    private void comment() throws Unclosed {
        int depth = 0;
        do {
            if (text.startsWith("/*", at)) {
                depth++;
                at += 2;
            } else if (text.startsWith("*/", at)) {
                depth--;
                at += 2;
            } else if (++at >= text.length()) {
                throw new Unclosed();
            }
        } while (depth > 0);
    }

    private Word word() throws Unclosed {
        char c = text.charAt(at);
        if (c == '[') {
            return new Word(Word.Kind.NAME, enclosed(']'));
        }
        if (c == '"') {
            return new Word(Word.Kind.NAME, enclosed('"'));
        }
        if (c == '\'') {
            return new Word(Word.Kind.NARROW_TEXT, enclosed('\''));
        }
        if ((c == 'N' || c == 'n') && text.startsWith("'", at + 1)) {
            at++;
            return new Word(Word.Kind.TEXT, enclosed('\''));
        }
        int from = at;
        while (at < text.length() && (Character.isLetterOrDigit(text.charAt(at)) || "_@#$".indexOf(text.charAt(at)) >= 0)) {
            at++;
        }
        if (at > from) {
            return new Word(Word.Kind.WORD, text.substring(from, at));
        }
        return new Word(Word.Kind.SYMBOL, text.substring(at, ++at));
    }

    /** Up to the closing character that is not doubled. */
    private String enclosed(char close) throws Unclosed {
        StringBuilder inside = new StringBuilder();
        at++;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c != close) {
                inside.append(c);
            } else if (at < text.length() && text.charAt(at) == close) {
                inside.append(c);
                at++;
            } else {
                return inside.toString();
            }
        }
        throw new Unclosed();
    }
}
