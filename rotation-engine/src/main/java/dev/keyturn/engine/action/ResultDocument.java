package dev.keyturn.engine.action;

import dev.keyturn.engine.rotation.RotationReport;
import dev.keyturn.engine.secretmanager.Json;
import java.util.Locale;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A report as the JSON document that the action returns and the shell prints. Its fields are an interface: docs/parameters.md. */
final class ResultDocument {

    private ResultDocument() {
    }

    static ObjectNode of(RotationReport report) {
        ObjectNode document = Json.object();
        document.put("done", report.done());
        if (!report.secretId().isEmpty()) {
            document.put("secretId", report.secretId());
        }
        document.put("job", label(report.job()));
        document.put("resumed", report.resumed());
        ArrayNode steps = document.putArray("steps");
        for (RotationReport.StepTime step : report.steps()) {
            steps.addObject().put("step", step.step().label()).put("outcome", step.outcome()).put("millis", step.millis());
        }
        ObjectNode live = document.putObject("live");
        report.live().forEach((key, stage) -> live.put(key, stage.map(known -> known.label()).orElse(null)));
        ObjectNode overlap = document.putObject("overlap");
        report.overlap().forEach((key, kept) -> overlap.put(key, kept.orElse(null)));
        ArrayNode warnings = document.putArray("warnings");
        report.warnings().forEach(warnings::add);
        report.error().ifPresent(error -> put(document, error));
        return document;
    }

    static void put(ObjectNode document, RotationReport.Error error) {
        document.putObject("error")
                .put("code", error.code().id())
                .put("step", error.step().label())
                .put("kind", error.code().kind().name())
                .put("message", error.message())
                .put("fix", error.fix());
    }

    private static String label(RotationReport.Job job) {
        return job.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
