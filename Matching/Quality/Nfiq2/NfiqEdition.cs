namespace MatchCluster.Matching.Quality.Nfiq2;

/// <summary>
/// Editions of NFIQ 2 whose measures differ. A forest was trained with the measures of one edition and is only
/// right with these.
/// </summary>
public enum NfiqEdition
{
    /// <summary>
    /// NFIQ 2.0 to 2.2: orientation flow and coherence by squares of 16 pixels; which holes of the region of interest
    /// are closed depends on the order in which they are found.
    /// </summary>
    Version22,

    /// <summary>
    /// NFIQ 2.3 and ISO/IEC 29794-4:2024: squares of 32 pixels everywhere, angles compared on the circle, every hole
    /// closed.
    /// </summary>
    Version23,
}
