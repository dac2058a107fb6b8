package dev.keyturn.authors;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the tests want to know of a page. */
record Markdown(Path file, String text) {

    private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");

    /** A fenced block. */
    record Block(String place, String language, String text) {
    }

    static Markdown of(Path file) {
        return new Markdown(file, Tree.read(file));
    }

    List<Block> blocks() {
        List<Block> blocks = new ArrayList<>();
        List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).startsWith("```")) {
                int begin = i;
                do {
                    i++;
                } while (!lines.get(i).equals("```"));
                blocks.add(new Block(Tree.ROOT.relativize(file) + ":" + (begin + 1), lines.get(begin).substring(3),
                        String.join("\n", lines.subList(begin + 1, i)) + "\n"));
            }
        }
        return blocks;
    }

    List<Block> blocks(String language) {
        return blocks().stream().filter(block -> block.language().equals(language)).toList();
    }

    /** Links to files of this project. */
    Stream<String> links() {
        return LINK.matcher(text).results().map(found -> found.group(1)).filter(link -> !link.matches("(https?:|mailto:|#).*"))
                .map(link -> link.replaceFirst("#.*", ""));
    }

    /** The cells of every row of every table, heads included, without quotation marks for code. */
    List<List<String>> rows() {
        return text.lines().filter(line -> line.startsWith("| ") && !line.startsWith("| ---"))
                .map(line -> Arrays.stream(line.substring(2).split(" \\|( |$)")).map(cell -> cell.strip().replace("`", "")).toList()).toList();
    }
}
