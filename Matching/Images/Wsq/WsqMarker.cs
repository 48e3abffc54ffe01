namespace MatchCluster.Matching.Images.Wsq;

/// <summary>Markers of a WSQ stream (IAFIS-IC-0110, table of markers).</summary>
internal static class WsqMarker
{
    public const ushort StartOfImage = 0xFFA0;
    public const ushort EndOfImage = 0xFFA1;
    public const ushort StartOfFrame = 0xFFA2;
    public const ushort StartOfBlock = 0xFFA3;
    public const ushort TransformTable = 0xFFA4;
    public const ushort QuantisationTable = 0xFFA5;
    public const ushort HuffmanTables = 0xFFA6;
    public const ushort RestartInterval = 0xFFA7;
    public const ushort Comment = 0xFFA8;
    public const ushort FirstRestart = 0xFFB0;
    public const ushort LastRestart = 0xFFB7;

    public static bool IsRestart(int marker) => marker is >= FirstRestart and <= LastRestart;
}
