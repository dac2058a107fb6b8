package dev.keyturn.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ErrorsPageTest {

    @Test
    void thePageListsEveryCodeAndNoOther() throws IOException {
        List<String> page = Files.readAllLines(Path.of("../docs/errors.md")).stream().filter(line -> line.startsWith("| KT-"))
                .map(line -> line.split(" \\| ")).map(cells -> cells[0].substring(2) + " " + cells[1]).toList();
        List<String> codes = Arrays.stream(ErrorCode.values()).map(code -> code.id() + " " + code.name()).toList();
        assertEquals(codes, page);
    }
}
