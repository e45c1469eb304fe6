package dev.ninetunnel.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ninetunnel.export.UserList;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UserListTest {
    @ParameterizedTest
    @DisplayName("a list of users has those whom it names, and root only by itself")
    @CsvSource({"1000-1999, 1000, true", "1000-1999, 1999, true", "1000-1999, 999, false", "1000-1999, 2000, false",
            "1000-1999, 0, false", "daemon, 1, true", "daemon, 2, false", "daemon:5:1000-1010, 5, true",
            "daemon:5:1000-1010, 1005, true", "daemon:5:1000-1010, 4, false", "*, 1, true", "*, 65534, true",
            "*, 0, false", "*, 4294967294, true", "*, 4294967295, false", "root, 0, true", "0, 0, true",
            "*:root, 0, true", "root:1000-1999, 1000, true", "3000000000-4000000000, 3500000000, true"})
    void allows(String list, String uid, boolean expected) {
        assertThat(UserList.parse(list).allows(Integer.parseUnsignedInt(uid))).isEqualTo(expected);
    }

    @ParameterizedTest
    @DisplayName("a list that cannot be is refused with what to write instead")
    @CsvSource({"'', getent", "daemon::bin, getent", "no such user, getent", "0-1000, ':root'", "2-1, smaller",
            "1-4294967295, above", "4294967295, up to", "9999999999, up to", "-5, getent", "1-2-3, getent",
            "00-5, ':root'"})
    void refused(String list, String advice) {
        assertThatThrownBy(() -> UserList.parse(list)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(advice);
    }
}
