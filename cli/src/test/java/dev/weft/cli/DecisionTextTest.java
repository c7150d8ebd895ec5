package dev.weft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.cli.client.MeshApi;
import java.util.List;
import org.junit.jupiter.api.Test;

class DecisionTextTest {

  private final DecisionText text = new DecisionText(WorkerNames.of(List.of()));

  @Test
  void aBetterWorkerThatWasPassedOverIsExplained() throws JsonProcessingException {
    assertThat(text.render(decision("wkr_2"))).contains("workers above * had failed this task");
  }

  @Test
  void theBestWorkerNeedsNoExplanation() throws JsonProcessingException {
    assertThat(text.render(decision("wkr_1"))).doesNotContain("above *");
    assertThat(text.render(decision(""))).doesNotContain("above *");
  }

  @Test
  void byWhatItWasChosenIsSaid() throws JsonProcessingException {
    JsonNode chosen = MeshApi.JSON.readTree("{\"taskId\": \"tsk_x\", \"algorithm\": \"AFFINITY\"}");
    assertThat(text.render(chosen)).contains(", by AFFINITY, weights ");
    assertThat(text.render(decision("wkr_1"))).doesNotContain(", by ");
  }

  @Test
  void whatItsComplexityMeantAndHowEachPlaceSuitedIsSaid() throws JsonProcessingException {
    JsonNode chosen =
        MeshApi.JSON.readTree(
            """
            {"taskId": "tsk_x", "workerId": "wkr_1", "algorithm": "COMPOSITE",
             "effort": {"complexity": "COMPLEXITY_SIMPLE", "classified": true,
                        "modelTier": "small", "placeOrder": "LOCAL_FIRST"},
             "candidates": [{"workerId": "wkr_1", "score": 0.9, "place": 1.0}]}
            """);
    assertThat(text.render(chosen))
        .contains("complexity SIMPLE (classified), model tier small, places LOCAL_FIRST\n")
        .containsPattern("COST +PLACE")
        .containsPattern("0\\.000 +1\\.000");
    assertThat(text.render(decision("wkr_1"))).doesNotContain("complexity", "PLACE");
  }

  @Test
  void howMuchOfItsFilesEachHadIsSaid() throws JsonProcessingException {
    JsonNode chosen =
        MeshApi.JSON.readTree(
            """
            {"taskId": "tsk_x", "workerId": "wkr_1", "algorithm": "COMPOSITE",
             "candidates": [{"workerId": "wkr_1", "score": 0.9, "files": 1.0},
                            {"workerId": "wkr_2", "score": 0.6, "files": 0.0}]}
            """);
    assertThat(text.render(chosen))
        .containsPattern("COST +FILES")
        .containsPattern("\\* wkr_1 .* 1\\.000")
        .doesNotContain("PLACE");
  }

  private static JsonNode decision(String winner) throws JsonProcessingException {
    return MeshApi.JSON.readTree(
        """
        {"taskId": "tsk_x", "attempt": 2, "workerId": "%s",
         "candidates": [{"workerId": "wkr_1", "score": 0.9}, {"workerId": "wkr_2", "score": 0.8}]}
        """
            .formatted(winner));
  }
}
