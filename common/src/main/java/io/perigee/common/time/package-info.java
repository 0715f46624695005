/** The clock port. Cores never see it; shells read it and hand the instant on. */
@NullMarked
package io.perigee.common.time;

import org.jspecify.annotations.NullMarked;
