package dev.keyturn.authors;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** The JDK's compiler, for sources that a test makes. */
final class Compiler {

    private Compiler() {
    }

    /** Where the class was loaded from: a jar or a folder. */
    static Path home(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** All Java sources below a folder, by file name. */
    static Map<String, String> sources(Path folder) {
        return Tree.files(folder).stream().filter(file -> file.toString().endsWith(".java"))
                .collect(Collectors.toMap(file -> folder.relativize(file).toString(), Tree::read));
    }

    /**
     * Compiles for Java 17.
     *
     * @return what the compiler complained of, warnings included; empty if nothing
     */
    static List<String> compile(Map<String, String> sources, Collection<Path> classPath, Path out) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> said = new DiagnosticCollector<>();
        List<SimpleJavaFileObject> files = sources.entrySet().stream().map(source -> source(source.getKey(), source.getValue())).toList();
        String path = classPath.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(said, null, null)) {
            boolean done = compiler.getTask(new StringWriter(), manager, said,
                    List.of("--release", "17", "-proc:none", "-Xlint:all,-classfile,-path", "-classpath", path, "-d", Files.createDirectories(out).toString()),
                    null, files).call();
            List<String> complaints = said.getDiagnostics().stream().filter(one -> one.getKind() != Diagnostic.Kind.NOTE)
                    .map(one -> (one.getSource() == null ? "" : one.getSource().getName() + ":" + one.getLineNumber() + " ") + one.getMessage(null)).toList();
            return done || !complaints.isEmpty() ? complaints : List.of("the compiler failed without saying why");
        }
    }

    private static SimpleJavaFileObject source(String name, String text) {
        return new SimpleJavaFileObject(URI.create("memory:/" + name.replace(File.separatorChar, '/')), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return text;
            }
        };
    }
}
