"""Numbers as an IBM mainframe kept them: a sign, an exponent of sixteen, fourteen hexadecimal digits.

Source: SAS technical support TS-140, "The Record Layout of a Data Set in SAS Transport (XPORT) Format".
"""

import math

MISSING = b"." + bytes(7)
BIAS = 64  # of the exponent
EXPONENTS = range(128)


def as_ibm(value: float) -> bytes:
    """Eight bytes, exact for every double in range. Raises OverflowError beyond 7.2e75 and below 5.4e-79."""
    if value == 0:
        return bytes(8)
    fraction, twos = math.frexp(abs(value))  # 0.5 <= fraction < 1
    sixteens = -(-twos // 4)
    # A double has 53 bits, the fraction here 56: the up to three that the exponent takes are left.
    digits = int(fraction * 2**56) >> (4 * sixteens - twos)
    if sixteens + BIAS not in EXPONENTS:
        raise OverflowError
    sign = 0x80 if value < 0 else 0
    return bytes([sign | (sixteens + BIAS)]) + digits.to_bytes(7, "big")
