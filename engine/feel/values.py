"""The values of FEEL: temporal classes, ranges, functions; their equality and order."""

from engine.feel.ground.values import (
    Date as Date,
    DateTime as DateTime,
    Days as Days,
    Function as Function,
    Months as Months,
    Range as Range,
    Time as Time,
    compare as compare,
    equal as equal,
    kind as kind,
    show as show,
)
