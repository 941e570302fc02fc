"""A course: S1-S11, C2-C2d, and no CRS before the first dose of a record that has one."""

from tests.rules.grades.oracle import crs, icans

RESOLUTION_H = 24


class Course:
    """`masking_h`: how long each class of drug can hide a fever, which is a setting and no rule."""

    def __init__(self, events, *, masking_h):
        self.masking_h = masking_h
        self.has_dose = any(event["type"] == "dose" for event in events)
        self.dose, self.masked_until = None, float("-inf")
        self.open, self.episodes, self.grades = {}, {"crs": [], "icans": []}, []
        for event in sorted(events, key=lambda event: event["t_hours"]):
            if event["type"] == "dose":
                self.dose = (event["t_hours"], event["dose_index"])
            else:
                getattr(self, event["type"])(event["t_hours"], event)

    def crs(self, at, seen):
        episode = self.open.get("crs")
        treated = episode["treated"] if episode else at < self.masked_until  # S2, C2c
        seen = seen | {
            "prior_crs_fever_this_episode": episode is not None,  # S3
            "antipyretic_or_anticytokine_since_onset": treated,
        }
        hot, low, short = crs.fever(seen), crs.pressure(seen), crs.oxygen(seen)
        present = hot == {True} or 0 not in low or 0 not in short
        free = hot == {False} and low == {0} == short
        self.look("crs", at, crs.grade(seen), present, free, may_begin=self.dose is not None or not self.has_dose)

    def icans(self, at, seen):
        graded = icans.grade(seen, child=False)
        self.look("icans", at, graded, graded[1] > 0, graded[2] == 0, may_begin=True)

    def look(self, kind, at, graded, present, free, *, may_begin):
        grade, least, _ = graded
        self.grades.append((at, kind, grade))
        episode = self.open.get(kind)
        if episode is None:
            if least > 0 and may_begin:
                self.begin(kind, at, least)  # S1
            return
        episode["max_grade"] = max(episode["max_grade"], least)  # S8
        if present:
            episode["free_since"] = None
        elif free:
            episode["free_since"] = at if episode["free_since"] is None else episode["free_since"]
            if at - episode["free_since"] >= RESOLUTION_H:  # S4
                self.close(kind, episode["free_since"])

    def begin(self, kind, at, grade):
        episode = {
            "start": at,
            "end": None,
            "max_grade": grade,
            "free_since": None,
            "treated": False,
            "dose": self.dose,
        }
        self.open[kind] = episode
        self.episodes[kind].append(episode)

    def close(self, kind, at):
        self.open.pop(kind)["end"] = at

    def treatment(self, at, event):
        hours = self.masking_h.get(event["drug_class"])
        if hours is None:
            return
        self.masked_until = max(self.masked_until, at + hours)
        if event.get("indication", "treatment") == "treatment" and "crs" in self.open:
            self.open["crs"]["treated"] = True  # S2

    def death(self, at, event):
        cause = event["cause"].strip().casefold()
        if cause in self.episodes and cause not in self.open:
            self.begin(cause, at, 5)
        for kind in list(self.open):
            if kind == cause:
                self.open[kind]["max_grade"] = 5  # S11
            self.close(kind, at)

    def episodes_of(self, kind):
        """As the contract answers: start, end, grade, hours from the dose, which dose (S6, S7)."""
        return [
            (
                one["start"], one["end"], one["max_grade"],
                None if one["dose"] is None else one["start"] - one["dose"][0],
                None if one["dose"] is None else one["dose"][1],
            )
            for one in self.episodes[kind]
        ]  # fmt: skip
