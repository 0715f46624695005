package io.perigee.master.core.allocation;

import io.perigee.common.Checked;
import io.perigee.model.Amount;
import io.perigee.model.Resource;
import io.perigee.model.ResourceText;
import io.perigee.model.Resources;
import io.perigee.model.Scalar;
import java.util.ArrayList;
import java.util.List;

/**
 * The least that is worth an offer: any one of the alternatives. Source: the master's flag {@code
 * --min_allocatable_resources} and FrameworkInfo.offer_filters.
 *
 * @param alternatives empty means that any resources are worth an offer
 */
public record MinAllocatable(List<List<Quantity>> alternatives) {

  /** At least this many thousandths of a scalar. */
  public record Quantity(String name, long thousandths) {}

  /**
   * Reads {@code cpus:0.01|mem:32}, where {@code |} separates alternatives and {@code ;} the parts
   * of one.
   */
  public static Checked<MinAllocatable> parse(String text) {
    List<List<Quantity>> alternatives = new ArrayList<>();
    for (String part : text.isBlank() ? new String[0] : text.split("\\|", -1)) {
      Checked<Resources> resources = ResourceText.parseResources(part, "*");
      switch (resources) {
        case Checked.Invalid<Resources>(String problem) -> {
          return Checked.invalid(problem);
        }
        case Checked.Valid<Resources>(Resources quantities) -> {
          List<Quantity> alternative = new ArrayList<>();
          for (Resource resource : quantities) {
            Amount amount = resource.amount();
            if (!(amount instanceof Scalar scalar)) {
              return Checked.invalid("'" + part + "': " + resource.key().name() + " is no number");
            }
            alternative.add(new Quantity(resource.key().name(), scalar.thousandths()));
          }
          alternatives.add(List.copyOf(alternative));
        }
      }
    }
    return Checked.valid(new MinAllocatable(List.copyOf(alternatives)));
  }

  boolean isMetBy(Resources resources) {
    if (alternatives.isEmpty()) {
      return true;
    }
    for (List<Quantity> alternative : alternatives) {
      boolean isMet = true;
      for (Quantity least : alternative) {
        isMet &= resources.thousandths(least.name()) >= least.thousandths();
      }
      if (isMet) {
        return true;
      }
    }
    return false;
  }
}
