package io.perigee.endtoend.golden;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The list stays short, and speaks of what is replayed. */
final class AllowedDifferencesTest {
  private static final List<String> RECORDED = Exchange.recorded().map(Exchange::name).toList();

  @Test
  void atMostOneInTwentyExchangesDiffers() {
    assertThat(RECORDED).hasSizeGreaterThan(100).doesNotHaveDuplicates();
    assertThat(AllowedDifferences.ALL.stream().map(AllowedDifferences.Allowed::exchange).distinct())
        .hasSizeLessThanOrEqualTo(RECORDED.size() / 20);
  }

  @Test
  void differencesAreOfExchangesThatAreReplayed() {
    assertThat(
            AllowedDifferences.ALL.stream()
                .map(AllowedDifferences.Allowed::exchange)
                .collect(Collectors.toSet()))
        .isSubsetOf(RECORDED);
    assertThat(AllowedDifferences.ALL).noneMatch(allowed -> allowed.reason().isBlank());
  }

  @Test
  void noDifferenceIsOneOfStatusOrContentTypeOrTypeOfAField() {
    assertThat(AllowedDifferences.ALL)
        .extracting(AllowedDifferences.Allowed::difference)
        .noneMatch(difference -> difference.startsWith("status is "))
        .noneMatch(difference -> difference.startsWith("content-type is "))
        .noneMatch(difference -> difference.matches("(?s).* is \\[[^]]*], not \\[[^]]*]"));
  }
}
