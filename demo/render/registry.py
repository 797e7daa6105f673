"""Where forms are kept by name, each with the view of its main picture and that of its second."""
from studio import View

BUILDS, MAIN, SECOND = {}, {}, {}


def form(name, **view):
    """Marks a function of one glaze as the way to build a form; `view` frames its main picture."""
    def keep(build):
        BUILDS[name] = build
        MAIN[name] = View(**view)
        return build
    return keep


def second(name, **view):
    """Marks a function as what stands in the second picture of a form."""
    def keep(build):
        SECOND[name] = View(build=build, **view)
        return build
    return keep


def look_again(name, **view):
    """The second picture shows the form itself, from elsewhere."""
    SECOND[name] = View(build=BUILDS[name], **view)
