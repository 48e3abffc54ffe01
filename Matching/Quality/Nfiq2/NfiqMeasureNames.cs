namespace MatchCluster.Matching.Quality.Nfiq2;

/// <summary>The names that NFIQ 2 gives its measures, in the order in which its forest reads them.</summary>
public static class NfiqMeasureNames
{
    /// <summary>The 69 names.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        .. Histogram("FDA"),
        "FingerJetFX_MinCount_COMMinRect200x200",
        "FingerJetFX_MinutiaeCount",
        "FJFXPos_Mu_MinutiaeQuality_2",
        "FJFXPos_OCL_MinutiaeQuality_80",
        "ImgProcROIArea_Mean",
        .. Histogram("LCS"),
        "MMB",
        "Mu",
        .. Histogram("OCL"),
        .. Histogram("OF"),
        "OrientationMap_ROIFilter_CoherenceRel",
        "OrientationMap_ROIFilter_CoherenceSum",
        .. Histogram("RVUP"),
    ];

    /// <summary>The place of a name.</summary>
    /// <exception cref="ArgumentException">There is no such name.</exception>
    public static int IndexOf(string name)
    {
        for (int i = 0; i < All.Count; i++)
        {
            if (All[i] == name)
            {
                return i;
            }
        }

        throw new ArgumentException($"found {name}, wanted the name of a measure", nameof(name));
    }

    private static IEnumerable<string> Histogram(string measure) =>
    [
        .. Enumerable.Range(0, 10).Select(bin => $"{measure}_Bin10_{bin}"),
        $"{measure}_Bin10_Mean",
        $"{measure}_Bin10_StdDev",
    ];
}
