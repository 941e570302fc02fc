"""Decimal as Python's `decimal` with its usual context: 28 digits, halves to even. Finite numbers only."""

ROUND_HALF_EVEN, ROUND_HALF_UP = "ROUND_HALF_EVEN", "ROUND_HALF_UP"
PRECISION = 28


class _Powers:
    """Of ten: those that measured values need are at hand."""

    def __init__(self):
        self.known = [10**place for place in range(8)]

    def __getitem__(self, place):
        return self.known[place] if place < 8 else 10**place


TEN = _Powers()


class InvalidOperation(ArithmeticError):
    pass


class Parts:
    def __init__(self, sign, digits, exponent):
        self.sign, self.digits, self.exponent = sign, digits, exponent


def _read(text):
    """Digits with at most one point, as a whole number and the places after the point."""
    text = text.strip()
    negative = text.startswith("-")
    bare = text[1:] if text[:1] in ("-", "+") else text
    whole, _, part = bare.partition(".")
    digits = whole + part
    if not digits or [sign for sign in digits if sign not in "0123456789"]:
        raise InvalidOperation(text)
    number = int(digits)
    if negative and not number:
        raise InvalidOperation("a zero with a sign")
    return -number if negative else number, -len(part)


def _halved(number, divisor, rounding):
    """`number` / `divisor`, a power of ten, rounded."""
    sign = -1 if number < 0 else 1
    whole, rest = divmod(abs(number), divisor)
    twice = rest * 2
    if twice > divisor or (twice == divisor and (rounding == ROUND_HALF_UP or whole % 2)):
        whole += 1
    return sign * whole


def _fixed(number, exponent):
    """Within the precision."""
    over = len(str(abs(number))) - PRECISION
    if over > 0:
        number, exponent = _halved(number, 10**over, ROUND_HALF_EVEN), exponent + over
        if len(str(abs(number))) > PRECISION:
            number, exponent = number // 10, exponent + 1
    return _made(number, exponent)


def _made(number, exponent):
    one = Decimal()
    one.n, one.e = number, exponent
    return one


class Decimal:
    """n * 10**e."""

    def __init__(self, value=0):
        if isinstance(value, str):
            self.n, self.e = _read(value)
        elif isinstance(value, Decimal):
            self.n, self.e = value.n, value.e
        elif isinstance(value, int):
            self.n, self.e = int(value), 0
        else:
            raise TypeError(type(value))

    def _beside(self, other):
        """Both as whole numbers of the same exponent."""
        if not isinstance(other, Decimal):
            other = Decimal(other)
        e = other.e
        if self.e == e:
            return self.n, other.n, e
        if self.e > e:
            return self.n * TEN[self.e - e], other.n, e
        return self.n, other.n * TEN[e - self.e], self.e

    def __eq__(self, other):
        if not isinstance(other, (Decimal, int)):
            return False
        one, two, _ = self._beside(other)
        return one == two

    def __lt__(self, other):
        one, two, _ = self._beside(other)
        return one < two

    def __le__(self, other):
        one, two, _ = self._beside(other)
        return one <= two

    def __gt__(self, other):
        one, two, _ = self._beside(other)
        return one > two

    def __ge__(self, other):
        one, two, _ = self._beside(other)
        return one >= two

    def __hash__(self):
        n, e = self.n, self.e
        if e >= 0:
            return hash(n * 10**e)
        while e < 0 and n % 10 == 0:
            n, e = n // 10, e + 1
        return hash(n) if e == 0 else hash((n, e))

    def __bool__(self):
        return self.n != 0

    def __neg__(self):
        return _fixed(-self.n, self.e)

    def __abs__(self):
        return _fixed(abs(self.n), self.e)

    def __add__(self, other):
        one, two, e = self._beside(other)
        return _fixed(one + two, e)

    def __radd__(self, other):
        return Decimal(other) + self

    def __sub__(self, other):
        one, two, e = self._beside(other)
        return _fixed(one - two, e)

    def __rsub__(self, other):
        return Decimal(other) - self

    def __mul__(self, other):
        if not isinstance(other, Decimal):
            other = Decimal(other)
        return _fixed(self.n * other.n, self.e + other.e)

    def __rmul__(self, other):
        return self * other

    def __truediv__(self, other):
        """As exact as the precision, without more zeros than needed."""
        if not isinstance(other, Decimal):
            other = Decimal(other)
        if not other.n:
            raise InvalidOperation("divided by zero")
        ideal = self.e - other.e
        if not self.n:
            return _made(0, ideal)
        sign = -1 if (self.n < 0) != (other.n < 0) else 1
        one, two = abs(self.n), abs(other.n)
        shift = len(str(two)) - len(str(one)) + PRECISION + 1
        exponent = ideal - shift
        if shift >= 0:
            number, rest = divmod(one * 10**shift, two)
        else:
            number, rest = divmod(one, two * 10**-shift)
        if rest:
            if number % 5 == 0:
                number += 1
        else:
            while exponent < ideal and number % 10 == 0:
                number, exponent = number // 10, exponent + 1
        return _fixed(sign * number, exponent)

    def __rtruediv__(self, other):
        return Decimal(other) / self

    def __int__(self):
        whole = abs(self.n) * 10**self.e if self.e >= 0 else abs(self.n) // 10**-self.e
        return -whole if self.n < 0 else whole

    def quantize(self, pattern, rounding=ROUND_HALF_EVEN):
        """With the exponent of the pattern."""
        shift = self.e - pattern.e
        number = self.n * 10**shift if shift >= 0 else _halved(self.n, 10**-shift, rounding)
        if len(str(abs(number))) > PRECISION:
            raise InvalidOperation("more digits than the precision")
        return _made(number, pattern.e)

    def normalize(self):
        one = _fixed(self.n, self.e)
        if not one.n:
            return _made(0, 0)
        while one.n % 10 == 0:
            one.n, one.e = one.n // 10, one.e + 1
        return one

    def adjusted(self):
        return self.e + len(str(abs(self.n))) - 1

    def as_tuple(self):
        return Parts(int(self.n < 0), tuple([int(digit) for digit in str(abs(self.n))]), self.e)

    def is_finite(self):
        return True

    def __str__(self):
        digits = str(abs(self.n))
        left = self.e + len(digits)
        if self.e <= 0 and left > -6:
            return formatted(self, "f")
        sign = "-" if self.n < 0 else ""
        rest = "." + digits[1:] if len(digits) > 1 else ""
        exponent = left - 1
        return sign + digits[0] + rest + "E" + ("+" if exponent >= 0 else "") + str(exponent)

    def __repr__(self):
        return "Decimal('" + str(self) + "')"


def formatted(value, spec):
    """f"{value:d}" of a whole number, f"{value:f}" of a Decimal."""
    if spec == "d":
        return str(int(value))
    if not isinstance(value, Decimal):
        raise TypeError(type(value))
    digits = str(abs(value.n))
    if value.e >= 0:
        text = digits + "0" * value.e if value.n else "0"
    else:
        digits = "0" * (1 - value.e - len(digits)) + digits
        text = digits[: value.e] + "." + digits[value.e :]
    return "-" + text if value.n < 0 else text


def rounded(value, places=None):
    if not isinstance(value, Decimal):
        return round(value) if places is None else round(value, places)
    if places is None:
        return int(value.quantize(Decimal(1)))
    return value.quantize(_made(1, -places))
