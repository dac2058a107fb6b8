package dev.keyturn.authors;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

/** The project's own files, as they lie around this module. */
final class Tree {

    static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    static final Path TEMPLATE = ROOT.resolve("plugin-template");

    private Tree() {
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All files below a folder, but for what builds made. */
    static List<Path> files(Path folder) {
        List<Path> found = new ArrayList<>();
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path below, BasicFileAttributes attributes) {
                    boolean made = !below.equals(folder) && List.of("target", ".git").contains(below.getFileName().toString());
                    return made ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    found.add(file);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found.stream().sorted().toList();
    }

    static Document pom(String module) throws IOException {
        try {
            return xml(read(ROOT.resolve(module).resolve("pom.xml")));
        } catch (SAXException e) {
            throw new IOException(module + "/pom.xml", e);
        }
    }

    static Document xml(String text) throws SAXException, IOException {
        try {
            var builder = DocumentBuilderFactory.newInstance().newDocumentBuilder();
            // Its own would print to the console as well.
            builder.setErrorHandler(new DefaultHandler());
            return builder.parse(new InputSource(new java.io.StringReader(text)));
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The text of the child at the end of a path of element names; empty if there is none. */
    static String text(Document pom, String... path) {
        Element here = pom.getDocumentElement();
        for (String name : path) {
            here = children(here, name).findFirst().orElse(null);
            if (here == null) {
                return "";
            }
        }
        return here.getTextContent().strip();
    }

    static Stream<Element> children(Element parent, String name) {
        var nodes = parent.getChildNodes();
        return Stream.iterate(0, i -> i < nodes.getLength(), i -> i + 1).map(nodes::item)
                .filter(node -> node instanceof Element && node.getNodeName().equals(name)).map(Element.class::cast);
    }
}
