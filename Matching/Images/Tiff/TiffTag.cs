namespace MatchCluster.Matching.Images.Tiff;

/// <summary>The tags that a grey picture needs.</summary>
internal static class TiffTag
{
    public const int Width = 256;
    public const int Height = 257;
    public const int Bits = 258;
    public const int Compression = 259;
    public const int Photometric = 262;
    public const int FillOrder = 266;
    public const int StripOffsets = 273;
    public const int Orientation = 274;
    public const int Samples = 277;
    public const int RowsPerStrip = 278;
    public const int StripBytes = 279;
    public const int ResolutionAcross = 282;
    public const int ResolutionDown = 283;
    public const int Planar = 284;
    public const int FaxOptions = 292;
    public const int ResolutionUnit = 296;
    public const int Predictor = 317;
    public const int ColourMap = 320;
    public const int TileWidth = 322;
    public const int TileHeight = 323;
    public const int TileOffsets = 324;
    public const int TileBytes = 325;
    public const int ExtraSamples = 338;
    public const int SampleFormat = 339;
}
