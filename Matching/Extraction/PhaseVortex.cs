namespace MatchCluster.Matching.Extraction;

/// <summary>
/// A place that the phase of the ridges turns round once: there a ridge or a valley begins. That is a minutia
/// (Larkin and Fletcher 2007), whether it looks like an ending or a bifurcation.
/// </summary>
internal struct PhaseVortex
{
    /// <summary>Pixels from the left at 500 ppi.</summary>
    public float X;

    /// <summary>Pixels from the top at 500 ppi.</summary>
    public float Y;

    /// <summary>Unit vector along the ridge or valley that begins here, y down.</summary>
    public float AlongX;

    public float AlongY;

    /// <summary>Pixels from ridge to ridge here.</summary>
    public float Period;

    /// <summary>A ridge begins here, and not a valley.</summary>
    public bool IsEnding;

    /// <summary>Chance that another print of the finger shows it too, 0..1.</summary>
    public float Quality;

    /// <summary>Taken out by a later step.</summary>
    public bool IsDropped;
}
